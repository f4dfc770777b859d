"""Results as files: tables (CSV), the assessment (JSON), raw landmarks (Parquet).

Nothing is imported here, so that a clip can be written without loading pandas.
"""

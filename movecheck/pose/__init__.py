"""Frames in, landmarks out. Only `mediapipe.py` knows which library finds the body."""

"""The texts of live recording."""

from __future__ import annotations

from movecheck.marks import N_

TITLE = N_("Record live")
INTRO = N_(
    "This computer's camera shows you whether you stand well, counts along, and records. The "
    "recording is then measured like one that you upload. No picture leaves this computer."
)
MOVEMENT = N_("What do you want to do?")
HOW_TITLE = N_("How to do it")
PLACE_TITLE = N_("Where the camera stands")
CAMERA_TITLE = N_("Camera")
STOP_RULES = N_(
    "Move only as far as you are comfortable. **Stop at once** if your pain gets clearly worse, or "
    "if you feel numbness, tingling, dizziness or a loss of strength, and ask your doctor or "
    "physical therapist before you go on. Get help at once (112 in Europe, 911 in North America) "
    "if it does not pass, or if you cannot hold urine or stool."
)
INSTEAD = N_(
    "The dependable way, on a phone too: record a video with the camera app, and upload it."
)
INSTEAD_BUTTON = N_("Record with the camera app and upload")
ABOUT = N_(
    "Age and sex, if you want published ranges to fit you, are asked for on the page 'Check a "
    "movement'; what you told there counts here too."
)
ASIDE = N_(
    "The recording lies in a private folder on this computer. It is deleted when you delete it or "
    "start over, and two minutes after you close the page."
)

PLACE = N_(
    "The camera stands still, {near} to {far} metres away, with its lens at {height} height. It "
    "sees you from the {view}, from head to feet."
)
METRES = N_("{near} to {far} m")
HEIGHTS = {"hip": N_("hip height"), "knee": N_("knee height")}
VIEWS = {"side": N_("your side to the camera"), "front": N_("your face to the camera")}
VIEW_NAMES = {"side": N_("side"), "front": N_("front")}
HEIGHT_NAMES = {"hip": N_("hip"), "knee": N_("knee")}

BROWSER: dict[str, str] = {
    "on": N_("Turn on the camera"),
    "off": N_("Turn off the camera"),
    "now": N_("Start now"),
    "wait": N_("Not yet"),
    "stop": N_("Stop and see the result"),
    "again": N_("Try again"),
    "rules": N_(
        "Stop, and ask your doctor or physical therapist, if pain gets clearly worse or you feel "
        "numbness, tingling, dizziness or a loss of strength."
    ),
    "picture": N_("Your camera's picture with the body's lines"),
    # what is said large
    "idle": N_("The camera is off."),
    "starting": N_("Starting the camera …"),
    "asks": N_("Your browser asks whether this page may use the camera. Please allow it."),
    "loading": N_("Getting ready to see you …"),
    "model": N_("Getting the pose model; this happens once and may take a minute …"),
    "ready": N_("Good. Stand still: it starts by itself."),
    "hold_still": N_("Stand still."),
    "countdown": N_("Starts in {n}"),
    "go": N_("Now move, at your own speed."),
    "complete": N_("Done. Stay where you are."),
    "saving": N_("Saving the recording …"),
    "lost_you": N_("I do not see you."),
    # what to change
    "nobody": N_("I do not see you. Stand where the camera sees all of you."),
    "several": N_("I see somebody else. One person alone, please."),
    "dark": N_("It is too dark. Put a light in front of you."),
    "back": N_("Step back, or move the camera away: head and feet must both be seen."),
    "closer": N_("Come closer."),
    "middle": N_("Move to the middle of the picture."),
    "up": N_("Tilt the camera up, or lift it: your head is cut off."),
    "down": N_("Tilt the camera down: your feet are cut off."),
    "turn_left": N_("Turn {n}° to your left."),
    "turn_right": N_("Turn {n}° to your right."),
    # numbers
    "of": N_("{n} of {goal}"),
    "reps": N_("repetitions"),
    "fps": N_("{n} pictures a second"),
    "preview": N_(
        "Preview: rough figures without ±, not stored. The result is measured anew, with ±."
    ),
    # what went wrong
    "slow": N_(
        "The camera has not started. Allow it if the browser asks. Otherwise record a video and "
        "upload it: the button is below."
    ),
    "no_way": N_(
        "This browser gives no camera to this page. Record a video and upload it: the button is "
        "below."
    ),
    "denied": N_(
        "The browser does not let this page use the camera. Allow it in the browser's settings for "
        "this page, or record a video and upload it: the button is below."
    ),
    "none": N_(
        "No camera was found. Connect one, or record a video and upload it: the button is below."
    ),
    "busy": N_(
        "The camera does not answer; another program may use it. Close that program, or record "
        "a video and upload it: the button is below."
    ),
    "broken": N_(
        "What looks for the body did not start. Record a video and upload it: the button is below."
    ),
    "ended": N_(
        "The connection to movecheck was lost, and nothing was recorded. Try again, or record a "
        "video and upload it: the button is below."
    ),
    "not_saved": N_(
        "The recording could not be saved; the disk may be full. Make room and try again, or "
        "record a video and upload it: the button is below."
    ),
    "too_short": N_("That was too short to measure. Record at least a few seconds."),
}
"""What the browser says, by a name that its script knows; {n} is a number."""

READINGS: dict[str, str] = {
    "hip_height_ratio": N_("hips lowered"),
    "shoulder_height_ratio": N_("shoulders lowered"),
    "hold": N_("held"),
    "stand": N_("stood still"),
}
"""Main figures that are no angle; angles are named as in the result."""

RECORDED = N_("recorded live")

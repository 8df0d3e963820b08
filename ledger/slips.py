"""What may be logged of a slip of ours: never the error's own words, which may hold what a client sent."""

from traceback import extract_tb


def told(error: BaseException) -> str:
    """The error's type and the places in the code it passed through, the innermost first."""
    frames = extract_tb(error.__traceback__)[::-1]
    trace = " < ".join(f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {trace}"

"""What does one status update tell the customer? Ten elements, each with the matched span as evidence."""

from assessments.scoring.words.engine import Measured, measure

__all__ = ["Measured", "measure"]

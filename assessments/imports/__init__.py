"""Tables brought in: each row judged, shown with what it would change, and taken whole or not at all."""

"""What follows from a change that somebody made: the note in the channels it concerns, estimates made again."""

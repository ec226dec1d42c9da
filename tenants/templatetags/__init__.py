"""What templates of the console may load."""

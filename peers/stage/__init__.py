"""What every part of the suite stands on."""

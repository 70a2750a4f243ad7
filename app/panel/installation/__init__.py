"""What the operator of the installation sees."""

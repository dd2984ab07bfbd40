"""YAML to catalogue, with file and line for every problem."""

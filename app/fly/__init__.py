"""Fly Machines: starting the worker machine when there is work."""

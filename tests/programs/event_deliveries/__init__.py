"""Deliveries of events by workers that are killed between sending and recording: none lost, none recorded twice."""

"""Notices: what a night has to say to people who do not look, said once.

Stands after a run. `tell_people` finds out what is new, sends it through every channel and remembers what went out.
"""

from __future__ import annotations

from journey_mining.notices.channels import Channel, Message, channels_of
from journey_mining.notices.tell import tell_people, try_channels

__all__ = ["Channel", "Message", "channels_of", "tell_people", "try_channels"]

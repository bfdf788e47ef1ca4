"""Simulated OpenAI and Anthropic admin APIs: real HTTP servers on loopback with books of their own.

They stand in for the vendors in the demo, in tests and in benchmarks; nothing else of the bot is simulated.
"""

from bot.demo.vendors.faults import Fault, FaultDial
from bot.demo.vendors.ledger import BillLine, Ledger
from bot.demo.vendors.server import SeenRequest, VendorServer
from bot.demo.vendors.simulated import (
    CrowdedAnthropic,
    CrowdedOpenAi,
    SimulatedAnthropic,
    SimulatedOpenAi,
    SimulatedVendors,
)

__all__ = [
    "BillLine",
    "CrowdedAnthropic",
    "CrowdedOpenAi",
    "Fault",
    "FaultDial",
    "Ledger",
    "SeenRequest",
    "SimulatedAnthropic",
    "SimulatedOpenAi",
    "SimulatedVendors",
    "VendorServer",
]

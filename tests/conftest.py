"""What holds for every test."""

from hypothesis import HealthCheck, settings

# How fast a machine is says nothing about a property; timings belong to benchmarks/.
settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

pytest_plugins = ["tests.canary_plugin"]  # every test runs with secrets planted, and fails if one gets out

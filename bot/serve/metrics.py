"""What is counted, for Prometheus. Each application has a registry of its own; several workers add theirs up."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

disable_created_metrics()  # type: ignore[no-untyped-call]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self.requests = Counter("faqbot_requests", "requests answered", ["route", "method", "status"], registry=own)
        self.seconds = Histogram("faqbot_request_seconds", "from request to response", ["route"], buckets=_SECONDS, registry=own)
        self.replies = Counter("faqbot_replies", "replies given, by kind", ["kind"], registry=own)
        self.feedback = Counter("faqbot_feedback", "replies that people called helpful, or not", ["helpful"], registry=own)
        self.refused = Counter("faqbot_refused", "requests that got an error, by its code", ["code"], registry=own)
        self.reloads = Counter("faqbot_reloads", "attempts to read the pack again", ["outcome"], registry=own)
        self.in_flight = Gauge(
            "faqbot_in_flight", "questions being answered or waiting", registry=own, multiprocess_mode="livesum"
        )
        self.faults = Gauge(
            "faqbot_pack_faults",
            "faults that kept the pack from being read again; 0 after a good reload",
            registry=own,
            multiprocess_mode="livemax",
        )
        self.loaded = Gauge(
            "faqbot_pack_loaded_timestamp_seconds", "when the pack in service was read", registry=own, multiprocess_mode="livemin"
        )

    def page(self) -> bytes:
        """The figures in the text format of Prometheus: of all workers, when there are several."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)

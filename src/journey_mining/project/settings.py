"""`journey.toml`: how one project is run."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from journey_mining.errors import did_you_mean
from journey_mining.project.gates import GateSettings
from journey_mining.project.notify import NotifySettings
from journey_mining.project.patterns import MOST_PATTERNS, Pattern, PatternName
from journey_mining.project.values import Duration, PositiveDuration, Strict

_QUESTION = r"^([a-z0-9_]+:)?(nps|csat|ces|review|call_rating)$"


class ProjectSettings(Strict):
    """Who and where."""

    name: str = ""
    """shown in the head of every page; where it is empty, pages have a name of their language"""
    template: str = "it_services"
    """template the project was made from; informative"""
    timezone: str = "Europe/Moscow"
    """zone in which pages print times"""
    languages: tuple[Literal["ru", "en"], ...] = Field(default=("ru", "en"), min_length=1, max_length=2)
    """languages of the site; the first is the one it opens in"""
    currency: str = Field(default="RUB", pattern="^[A-Z]{3}$")
    """ISO code in which amounts are printed"""

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        if value not in available_timezones():
            message = f"{value!r} is no IANA time zone.{did_you_mean(value, sorted(available_timezones()))}"
            raise ValueError(message)
        return value

    @field_validator("languages")
    @classmethod
    def _differ(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))


class InboxSettings(Strict):
    """Where exports land."""

    path: str = "inbox"
    """folder, relative to the project"""
    ignore: tuple[str, ...] = ()
    """globs of files that belong to no source on purpose"""


class LoadSettings(Strict):
    """How strictly files are taken."""

    max_quarantine_share: float = Field(default=0.05, ge=0, le=1)
    """a file with a larger share of quarantined rows is rejected as a whole"""
    settle: Duration = timedelta(0)
    """files modified more recently than this are left for the next run"""


class JourneySettings(Strict):
    """How events become journeys."""

    unit: Literal["person", "account", "deal"] = "person"
    """what a journey follows; of accounts, the account is the customer and n counts accounts"""
    silence: PositiveDuration = timedelta(days=45)
    """without events for this long a customer counts as lost (stages may say otherwise)"""
    silence_from: Literal["setting", "calibrated"] = "setting"
    """which threshold is in force: the declared one, or the one that customers' own pauses suggest"""
    session_timeout: PositiveDuration = timedelta(minutes=30)
    """a longer pause between web events starts a new session"""
    deal_lead: Duration = timedelta(days=60)
    """events without a deal belong to the only deal created within this time after them"""
    deal_tail: Duration = timedelta(days=14)
    """... or closed within this time before them"""
    as_of: datetime | None = None
    """observation cutoff in UTC; default: the earliest time up to which all decisive sources are fresh"""
    observed_from: datetime | None = None
    """start of observation in UTC; default: the latest first event among the decisive sources"""
    internal_domains: tuple[str, ...] = ()
    """e-mail domains of the company itself: events of these people are flagged internal"""

    @property
    def is_calibrated(self) -> bool:
        """Whether calibrated silence thresholds are in force."""
        return self.silence_from == "calibrated"


class ServiceHoursSettings(Strict):
    """When somebody is there to answer customers, in the zone of the project."""

    opens: time
    """such as 09:00"""
    closes: time
    """such as 18:00"""
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(default=(1, 2, 3, 4, 5), min_length=1)
    """1 is Monday"""
    holidays: tuple[date, ...] = ()
    """days on which nobody answers"""

    @model_validator(mode="after")
    def _closes_after_opening(self) -> Self:
        if self.closes <= self.opens:
            message = f"closes ({self.closes}) must be later than opens ({self.opens}) on the same day"
            raise ValueError(message)
        return self


class ScoreSettings(Strict):
    """How numbers are estimated and when they are shown."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    """level of every interval"""
    small_cell: int = Field(default=10, ge=5)
    """cells with fewer customers are never shown (k)"""
    thin_cell: int = Field(default=30, ge=10)
    """cells with fewer customers are shown as an interval only"""
    min_horizon: Duration = timedelta(days=30)
    """shortest horizon of a drop-off"""
    service_hours: ServiceHoursSettings | None = None
    """when set, waits for an answer and for a solution count these hours only"""
    low_is_good: tuple[Annotated[str, Field(pattern=_QUESTION)], ...] = ()
    """questions whose low end is the good one, as where an effort of 1 is easy: "ces", or "survey:ces" of one source"""

    @model_validator(mode="after")
    def _cells_are_in_order(self) -> Self:
        if self.thin_cell < self.small_cell:
            message = f"thin_cell ({self.thin_cell}) must not be below small_cell ({self.small_cell})"
            raise ValueError(message)
        return self


class EndpointSettings(Strict):
    """A service that speaks the chat protocol of OpenAI; it gets redacted texts and nothing else."""

    url: str = Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")
    """address up to and without /chat/completions; https, except on this machine"""
    model: str = Field(min_length=1)
    """name of the model, as the service knows it"""
    key_variable: str = "JOURNEY_VOICE_KEY"
    """environment variable that holds the key; without it none is sent"""
    price_in: float = Field(ge=0)
    """price of a million tokens sent"""
    price_out: float = Field(ge=0)
    """price of a million tokens received"""
    cost_ceiling: float = Field(default=1.0, ge=0)
    """what one run may cost, in the currency of the prices; a run that would cost more is stopped"""
    timeout: PositiveDuration = timedelta(seconds=60)
    """longest wait for an answer"""
    parallel: int = Field(default=4, ge=1, le=64)
    """requests under way at once"""

    @field_validator("url")
    @classmethod
    def _is_private_on_the_way(cls, value: str) -> str:
        host = urlsplit(value).hostname or ""
        if not value.startswith("https://") and host not in ("localhost", "127.0.0.1", "::1"):
            message = "texts of customers leave this machine over https only"
            raise ValueError(message)
        return value.rstrip("/")


class VoiceSettings(Strict):
    """How texts are scored."""

    engine: str = "embedded"
    """embedded, shipped, none, vader, onnx:FOLDER, hf:FOLDER, endpoint, cascade:ENGINE, or a registered name"""
    unsure_below: float = Field(default=0.6, gt=0, le=1)
    """cascade:ENGINE asks the engine only where the embedded one is less sure than this"""
    endpoint: EndpointSettings | None = None


class SparkSettings(Strict):
    """The cluster that builds the tables after `event`, where one machine is too small."""

    master: str = Field(default="local[*]", pattern=r"^(local|spark:|yarn|k8s:)")
    """address of the cluster: spark://host:7077, k8s://https://host:port, yarn; local[*] is this machine alone"""
    folder: str = "warehouse/spark"
    """where the tables lie as Parquet: relative to the project, and one and the same directory on every machine"""
    conf: dict[str, str] = Field(default_factory=dict)
    """further settings of Spark by their full names, such as spark.executor.memory; values are texts"""


class WarehouseSettings(Strict):
    """What builds the tables after `event`."""

    engine: Literal["duckdb", "spark"] = "duckdb"
    """what builds the tables: duckdb, or spark where they outgrow one machine"""
    spark: SparkSettings = SparkSettings()


class RetentionSettings(Strict):
    """What personal data stays, and where."""

    key_file: str = ""
    """file with the secret for hashing identifiers; default: a file in the user's configuration folder"""
    patterns: dict[PatternName, Pattern] = Field(default_factory=dict, max_length=MOST_PATTERNS)
    """what else must not be published: name, and regular expression (RE2) of what it stands in place of"""
    retain_raw: PositiveDuration | None = None
    """how long the text of an export is kept after it was loaded; by default as long as the database is"""
    public_demo_key: bool = False
    """use the fixed, published key: for synthetic data only"""


class RunSettings(Strict):
    """What nights leave behind, and how long they may take."""

    keep_sites: int = Field(default=7, ge=1)
    """finished sites that `journey rollback` can go back to, the newest among them"""
    keep_runs: int = Field(default=1000, ge=10)
    """lines of the record of runs"""
    step_timeout: PositiveDuration = timedelta(hours=6)
    """a step that takes longer under Prefect is given up"""


class Settings(Strict):
    """All of `journey.toml`."""

    project: ProjectSettings = ProjectSettings()
    inbox: InboxSettings = InboxSettings()
    load: LoadSettings = LoadSettings()
    journeys: JourneySettings = JourneySettings()
    scores: ScoreSettings = ScoreSettings()
    voice: VoiceSettings = VoiceSettings()
    privacy: RetentionSettings = RetentionSettings()
    run: RunSettings = RunSettings()
    gates: GateSettings = GateSettings()
    notify: NotifySettings = NotifySettings()
    warehouse: WarehouseSettings = WarehouseSettings()

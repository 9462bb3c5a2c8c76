# The enumerations of the native half: a part of `_native.pyi`, and no module of its own.

from enum import StrEnum

from ._words import Ranked

class AccessRole(StrEnum):
    FREE_BUSY_READER = "freeBusyReader"
    READER = "reader"
    WRITER_WITHOUT_PRIVATE_ACCESS = "writerWithoutPrivateAccess"
    WRITER = "writer"
    OWNER = "owner"

class ConflictReason(StrEnum):
    OVERLAP = "overlap"
    TOO_CLOSE = "too_close"
    TRAVEL = "travel"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    NOT_ANSWERED = "not_answered"
    OUT_OF_OFFICE = "out_of_office"
    FOCUS_TIME = "focus_time"
    ALL_DAY = "all_day"
    ORGANIZER = "organizer"
    HAS_GUESTS = "has_guests"
    DUPLICATE = "duplicate"

class Disbelief(StrEnum):
    UNREADABLE = "unreadable"
    UNKNOWN_CHANNEL = "unknown_channel"
    WRONG_TOKEN = "wrong_token"
    WRONG_RESOURCE = "wrong_resource"
    ENDED = "ended"

class DuplicateReason(StrEnum):
    SAME_EVENT = "same_event"
    LOOKS_SAME = "looks_same"

class EventStatus(StrEnum):
    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"

class EventType(StrEnum):
    DEFAULT = "default"
    OUT_OF_OFFICE = "outOfOffice"
    FOCUS_TIME = "focusTime"
    WORKING_LOCATION = "workingLocation"
    BIRTHDAY = "birthday"
    FROM_GMAIL = "fromGmail"

class ResponseStatus(StrEnum):
    NEEDS_ACTION = "needsAction"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    ACCEPTED = "accepted"

class SendUpdates(StrEnum):
    ALL = "all"
    EXTERNAL_ONLY = "externalOnly"
    NONE = "none"

class Severity(Ranked):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

class Transparency(StrEnum):
    OPAQUE = "opaque"
    TRANSPARENT = "transparent"

class Visibility(StrEnum):
    DEFAULT = "default"
    PUBLIC = "public"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"

class ApprovalState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    EXPIRED = "expired"
    STALE = "stale"

class Overlook(StrEnum):
    NOTHING = "nothing"
    LOW = "low"
    MEDIUM = "medium"

class RecurrenceScope(StrEnum):
    THIS = "this"
    THIS_AND_FOLLOWING = "this_and_following"
    ALL = "all"

class SearchField(StrEnum):
    DESCRIPTION = "description"
    PEOPLE = "people"
    PLACE = "place"
    TITLE = "title"

class SearchMode(StrEnum):
    HYBRID = "hybrid"
    TEXT = "text"
    MEANING = "meaning"

class SlotReason(StrEnum):
    EVERYONE_FREE = "everyone_free"
    REQUIRED_FREE = "required_free"
    OVERLOOKS = "overlooks"
    NOT_KNOWN = "not_known"
    INSIDE_HOURS = "inside_hours"
    LEAVES_NO_FRAGMENT = "leaves_no_fragment"
    LEAVES_FRAGMENT = "leaves_fragment"

class SlotStanding(StrEnum):
    FREE = "free"
    OVERLOOKED_LOW = "overlooked_low"
    OVERLOOKED_MEDIUM = "overlooked_medium"
    UNKNOWN = "unknown"
    OUTSIDE_HOURS = "outside_hours"
    BUSY = "busy"

class SyncActivity(StrEnum):
    IDLE = "idle"
    SYNCING = "syncing"
    ERROR = "error"
    PAUSED = "paused"

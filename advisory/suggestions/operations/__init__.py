"""What happens to campaigns and suggestions. Admin, pages and the clock all call these. (Signatures; bodies follow.)"""

# --- campaigns: clerks of the coordinating department (advisory.run_suggestion) -------------------


def save_campaign(*, campaign, values, by, now, department=None):
    """Add (campaign None) or change one: title, question, opens_at, closes_at, writers, cosigning, *_days. Returns it.

    Limits cannot be changed once it is open; title, question and closes_at can.
    """


def open_campaign(*, campaign, by, now):
    """Publish it: from `opens_at` on women can write. Twice is once. Returns it."""


def close_campaign(*, campaign, by, now):
    """Close it before or after its hours are over; the clock does so too. Returns it."""


def reopen_campaign(*, campaign, closes_at, by, now):
    """Undo closing, with a new end. Returns it."""


def cancel_campaign(*, campaign, reason, by, now):
    """Call it off; only while nothing was sent to it. Returns it."""


# --- she ------------------------------------------------------------------------------------------
def save_draft(*, campaign, suggestion, values, by, now):
    """Keep what she typed (title, matter, proposal, named, pen_name); suggestion None adds. Returns the Suggestion."""


def drop_draft(*, suggestion, by, now):
    """Throw her draft away."""


def send_suggestion(*, suggestion, by, now, not_personal=False):
    """Hand it in. Returns it."""


def withdraw_suggestion(*, suggestion, by, now):
    """Take it back, before a reply is signed. Returns it."""


def cosign(*, suggestion, named, by, now):
    """Sign another's suggestion too; `named`: whether staff read her name. Returns the CoSignature."""


def withdraw_cosignature(*, cosignature, by, now):
    """Take it back. Returns it."""


def rate(*, reply, verdict, words, by, now):
    """Say what she thinks of a reply; "not" has it answered anew, once, by another drafter. Returns the Rating."""


def contest(*, adoption, effect, words, by, now):
    """Say that an adoption (effect None), or an effect that was told of it, is not so. Returns the Contest."""


# --- filing: clerks of the coordinating department ------------------------------------------------
def send_back(*, suggestion, words, by, now):
    """Give a sent one back to be parted in two; once. Returns it."""


def file_suggestion(*, suggestion, listed, by, now):
    """File it; `listed`: whether everybody may read title, matter and proposal. Returns it."""


def set_listed(*, suggestion, listed, by, now):
    """Change whether everybody may read a filed one. Returns it."""


def refuse_suggestion(*, suggestion, reason, words, by, now):
    """Do not file it, for one of NotFiled, with words to her. PERSONAL deletes the text. Returns it."""


def reconsider(*, suggestion, by, now):
    """Undo `refuse_suggestion`; not where the text is gone. Returns it."""


def join_suggestion(*, suggestion, to, by, now):
    """Join a sent one to a filed or answered one of the same coordinator, of any campaign. Returns it."""


# --- who deals with it ----------------------------------------------------------------------------
def assign(*, suggestion, department, role, by, now):
    """Give it to a department (Role); the coordinator's clerks. Returns the Assignment."""


def take_up(*, assignment, by, now):
    """Note that the department works on it; its clerks. Returns it."""


def not_ours(*, assignment, words, by, now):
    """Hand it back to the coordinator within the limit, with a reason; the department's clerks. Returns it."""


def insist(*, assignment, reason, by, now):
    """Give one that was handed back to the same department after all, once; the coordinator's clerks. Returns it."""


def take_back_assignment(*, assignment, reason, by, now):
    """End an assignment; the coordinator's clerks. Returns it."""


def tell_opinion(*, assignment, text, by, now):
    """Tell the lead what the assisting department thinks, signed by `by`; its clerks. Returns it."""


def ask_extension(*, assignment, days, reason, by, now):
    """Ask for more days, once, before the limit ends; the leading department's clerks. Returns the Extension."""


def decide_extension(*, extension, granted, words, by, now):
    """Grant or refuse it (refusing with words); the coordinator's clerks. Returns it."""


# --- replies --------------------------------------------------------------------------------------
def save_reply(*, suggestion, reply, values, by, now):
    """Begin (reply None) or change a draft: answer, text, second_on; the leading department's clerks. Returns the Reply."""


def hand_in_reply(*, reply, by, now):
    """Give it to be signed. Returns it."""


def send_back_reply(*, reply, words, by, now):
    """Give it back to be changed; reviewers of the leading department (advisory.sign_suggestion). Returns it."""


def sign_reply(*, reply, kept_back_reason, by, now):
    """Sign it: each author is told, due dates stop. With a reason it is not published. Returns it."""


def keep_back_reply(*, reply, reason, by, now):
    """Say that a signed one is not published and why, or with "" that it is; reviewers of the coordinator or lead. Returns it."""


def correct_reply(*, reply, reason, values, by, now):
    """Begin a corrected version of a signed reply; it goes through `hand_in_reply` and `sign_reply`. Returns the new Reply."""


def drop_reply(*, reply, by, now):
    """Throw an unsigned one away. Returns it."""


# --- effects --------------------------------------------------------------------------------------
def add_adoption(*, suggestion, values, by, now):
    """Enter what took it up: kind, what, on, link; clerks of lead or coordinator. Returns the Adoption."""


def add_proof(*, adoption, sent, by, now):
    """Keep a file (name, bytes) that proves it. Returns the AdoptionProof."""


def read_proof(*, proof, by, now):
    """Return (name, bytes) for those who see the suggestion."""


def confirm_adoption(*, adoption, by, now):
    """Stand for it as a second person: points are given, effects are due; clerks of the coordinator. Returns it."""


def withdraw_adoption(*, adoption, reason, by, now):
    """Say that it is not so: points are taken back where no other adoption stands. Returns it."""


def report_effect(*, effect, words, proven, by, now):
    """Tell what it brought about; clerks of lead or coordinator. Returns the EffectReport."""


def decide_contest(*, contest, outcome, words, by, now):
    """Say what comes of it (ContestOutcome): put right withdraws the adoption, or has the effect told anew. Returns it."""


# --- the clock ------------------------------------------------------------------------------------
def retry_suggestion(*, row, by, now):
    """Let the clock try again what it could not do. Returns it."""

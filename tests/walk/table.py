"""Who comes through each address. What is not named here, nobody does: a new address needs its line."""

PUBLIC = frozenset(
    [
        "anonymous",
        "woman",
        "another_woman",
        "newcomer",
        "unit_contact",
        "station_operator",
        "department_clerk",
        "department_reviewer",
        "event_organiser",
        "points_clerk",
        "auditor",
        "administrator",
        "staff_elsewhere",
        "staff_without_rights",
        "partner_elsewhere",
    ]
)
VISITORS = frozenset({"anonymous", "partner_elsewhere"})  # a token is no sign-in
SIGNED_IN = PUBLIC - VISITORS
STAFF = frozenset(
    [
        "department_clerk",
        "department_reviewer",
        "event_organiser",
        "points_clerk",
        "auditor",
        "administrator",
        "staff_elsewhere",
        "staff_without_rights",
    ]
)
NOBODY = frozenset()


def only(roles):
    """Return the named roles, refusing a misspelt one."""
    named = frozenset(roles.split())
    assert named <= PUBLIC, named - PUBLIC
    return named


def admin(model, *, see="", lists="", add="", **pages):
    """Return the lines of a model in the admin: who sees a row, who the list, who adds one, and its own pages."""
    seen = only(see)
    lines = {
        f"{model}_changelist": seen | only(lists),
        f"{model}_add": only(add),
        f"{model}_history": seen,
        f"{model}_delete": NOBODY,
        f"{model}_change": seen,
        # Leads to the page above, whether the row is there or not.
        f"admin/{_path(model)}/<path:object_id>/": STAFF,
    }
    return lines | {f"{model}_{page}": only(roles) for page, roles in pages.items()}


def _path(model):
    app, _, name = model.rpartition("_")
    return f"{app}/{name}"


EVERY_DESK = (
    "department_clerk department_reviewer event_organiser points_clerk auditor administrator"
)
VERIFIERS = "department_clerk department_reviewer"
EVENTS = "department_clerk event_organiser administrator"
REPORTS = "department_clerk department_reviewer auditor administrator staff_elsewhere"

MAY = {
    # The API; who holds no token is told so.
    "api_token": NOBODY,
    "api_revoke": NOBODY,
    "api_talents": only("partner_elsewhere"),
    "api_event_people": NOBODY,  # without a key of its own nothing is taken
    "api_confirmations": NOBODY,  # without a key of its own nothing is taken
    "api_events": only("partner_elsewhere"),
    "api_event": only("partner_elsewhere"),
    "api_event_series": only("partner_elsewhere"),
    "api_endorsement": NOBODY,  # nothing is read here
    "api_statistics": only("partner_elsewhere"),
    "api_unknown": NOBODY,
    # Open to all.
    **dict.fromkeys(
        [
            "api_codes",
            "api_schema",
            "home",
            "accessibility",
            "help",
            "robots",
            "security_txt",
            "sitemap",
            "measures",
            "measure",
            "policy",
            "api_docs",
            "style_guide",
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_reset_password",
            "account_complete_password_reset",
            "account_password_reset_completed",
            "account_request_login_code",
            "captcha-image",
            "socialaccount_login_cancelled",
            "privacy_notice",
            "person",
            "events",
            "past_events",
            "event",
            "event_calendar",
            "events_calendar",
            "certificates",
            "certificate",  # whoever has its code
            "event_series",
            "events_month",
            "series_calendar",
            "her_calendar",  # whoever has the address
            "services",
            "service",
        ],
        PUBLIC,
    ),
    # Only with keys of Weixin, only while developing, only in the middle of signing up.
    **dict.fromkeys(
        [
            "another_contact",
            "weixin_login",
            "weixin_callback",
            "outbox",
            "socialaccount_signup",
            "account_confirm_password_reset_code",
            "socialaccount_login_error",
        ],
        NOBODY,
    ),
    # Her own account, whoever she is.
    **dict.fromkeys(
        [
            "dashboard",
            "account_overview",
            "account_language",
            "my_consents",
            "grant_consent",
            "withdraw_consent",
            "account_reauthenticate",
            "account_email",
            "account_email_verification_sent",
            "account_change_password",
            "account_set_password",
            "account_confirm_login_code",
            "account_verify_phone",
            "mfa_index",
            "kept_form",
            "prove_again",
            "profile_withdraw_proposal",
            "profile_pause",
            "profile_resume",
            "profile_move_away",
            "profile_move_back",
            "mfa_authenticate",
            "mfa_list_webauthn",
            "mfa_login_webauthn",
            "socialaccount_connections",
            "notices",
            "notices_read",
            "notice_ways",
            "profile",
            "profile_step",
            "profile_review",
            "profile_claim",
            "career",
            "profile_confirm",
            "career_add",
            "account_devices",
            "my_data",
            "public_choose",
            "public_preview",
            "public_publish",
            "public_take_back",
            "cv",
            "openings",
            "growth",
            "withdraw_erasure",
            "sign_out_device",
            "profile_units",
            "my_bookings",
            "my_calendar",
            "events_for_me",
            "my_certificates",
            "book_event",
            "check_in_herself",
            "station_check",
            "station_fulfil",
            "redeem",
        ],
        SIGNED_IN,
    ),
    "points": PUBLIC,
    "sign_out_everywhere": NOBODY,  # it leads to the sign-in page, as what is refused does: nobody is signed in then
    # They ask her to confirm who she is first; nobody in the cast has a second factor, the one passkey is a stranger's.
    **dict.fromkeys(
        [
            "account_change_phone",
            "request_copy",
            "download_copy",
            "ask_erasure",
            "mfa_activate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
        ],
        NOBODY,
    ),
    # Her things.
    "cancel_booking": only("woman"),
    "accept_offer": only("woman"),
    "change_childcare": only("woman"),
    "hand_on": only("woman"),
    "handed_on": SIGNED_IN,
    "after_event": only("woman"),
    "certificate_file": only(f"woman {EVENTS} auditor"),
    "material": only(f"woman {EVENTS} auditor"),
    "invited_event": SIGNED_IN,
    "explain_absence": only("woman"),
    "career_entry": only("woman"),
    "career_delete": only("woman"),
    "career_restore": only("woman"),
    "career_evidence": only("woman"),
    "voucher": only("woman"),
    "voucher_cancel": only("woman"),
    # The Cloud Home: who may not come in reads why; her event's thread is for her and who runs it.
    "cloud_home": SIGNED_IN,
    **dict.fromkeys(
        ["circles", "cloud_search", "my_posts", "cloud_asked", "cloud_settings", "new_question"],
        only(f"woman another_woman staff_elsewhere {EVENTS}"),
    ),
    **dict.fromkeys(
        [
            "event_circle",
            "circle",
            "new_topic",
            "join_circle",
            "leave_circle",
            "follow_circle",
            "topic",
            "reply",
            "follow_topic",
            "close_topic",
            "reopen_topic",
            "post",
            "edit_post",
            "delete_post",
            "post_history",
            "thank",
            "report_post",
            "hide_post",
            "unhide_post",
            "sanction",
            "attachment",
        ],
        only(f"woman {EVENTS}"),
    ),
    "appeal": only("woman"),
    "decline_ask": only("woman"),
    # The door and the desk.
    "scanned": only(f"woman {EVENTS}"),
    "door": only(EVENTS),
    "door_undo": only(EVENTS),
    "door_sheet": only(EVENTS),
    "door_parts": only(EVENTS),
    "door_picture": only(EVENTS),
    "door_all_out": only(EVENTS),
    "door_scans": only(EVENTS),
    "door_people": only(EVENTS),
    "door_come_in": only(EVENTS),
    "door_late": only(EVENTS),
    "door_word": only(EVENTS),
    "meeting_list": only(EVENTS),
    "door_screen": only(EVENTS),
    "station": only("station_operator points_clerk"),
    # The admin's own pages.
    **dict.fromkeys(
        [
            "search",
            "index",
            "logout",
            "password_change",
            "password_change_done",
            "jsi18n",
        ],
        STAFF,
    ),
    "login": SIGNED_IN,
    "autocomplete": NOBODY,  # without the names of model and field
    "app_list": only(
        f"{VERIFIERS} staff_elsewhere auditor administrator"
    ),  # whoever has a list there
    "admin/(?P<url>.*)$": NOBODY,
    **admin("privacy_consent", see="auditor"),
    **admin("privacy_retentionrun", see="auditor"),
    **admin("privacy_auditentry", see="auditor", verify="auditor"),
    **admin(
        "accounts_user",
        see="auditor administrator",
        add="administrator",
        by_phone="administrator",
        reveal="administrator",
        replace_phone="administrator",
        reset_second_factor="administrator",
    ),
    **admin(
        "accounts_jointaction",
        see="auditor administrator",
        lists="department_clerk department_reviewer event_organiser staff_elsewhere",
        confirm="auditor administrator",
        refuse="auditor administrator",
        withdraw="auditor administrator",
    ),
    **admin(
        "accounts_unit",
        see=f"{EVERY_DESK} staff_elsewhere",
        add="department_clerk administrator staff_elsewhere",
    ),
    **admin(
        "accounts_department",
        see=f"{VERIFIERS} event_organiser auditor administrator staff_elsewhere",
    ),
    **admin("notices_delivery", see="administrator"),
    **admin(
        "partners_partnerkey",
        see="auditor administrator",
        add="administrator",
        revoke="administrator",
    ),
    **admin(
        "talents_importrun",
        see="department_clerk",
        lists="staff_elsewhere",
        add="department_clerk staff_elsewhere",
    ),
    "import_template": only("department_clerk staff_elsewhere"),
    **dict.fromkeys(
        [
            "import_confirm",
            "import_cancel",
            "import_refused",
            "import_choose",
            "import_undo",
            "import_units",
            "import_columns",
        ],
        only("department_clerk"),
    ),
    **admin(
        "talents_talent",
        see=VERIFIERS,
        lists="staff_elsewhere",
        verify=VERIFIERS,
        send_back=VERIFIERS,
        take_back_return=VERIFIERS,
        take_back_verification=VERIFIERS,
        hand_over=VERIFIERS,
        reveal="department_reviewer",
        by_number=f"{VERIFIERS} staff_elsewhere",
        trends=f"{VERIFIERS} staff_elsewhere",
        facets=f"{VERIFIERS} staff_elsewhere",
        export=f"{VERIFIERS} staff_elsewhere",
        correct=VERIFIERS,
        career_add=VERIFIERS,
        career_change=VERIFIERS,
        career_delete=VERIFIERS,
        career_restore=VERIFIERS,
        career_evidence=VERIFIERS,
        unite=VERIFIERS,
        erase="department_clerk",
        merge=VERIFIERS,
        undo_merge=VERIFIERS,
        endorse=VERIFIERS,
        take_back=VERIFIERS,
        pause=VERIFIERS,
        resume=VERIFIERS,
        move_away=VERIFIERS,
        move_back=VERIFIERS,
    ),
    **admin(
        "talents_export",
        see="department_clerk",
        lists=f"{VERIFIERS} staff_elsewhere",
        fetch="department_clerk",
        cancel="department_clerk",
    ),
    **admin(
        "talents_erasure", see="department_clerk auditor administrator", lists="staff_elsewhere"
    ),
    **admin(
        "talents_pair",
        see=VERIFIERS,
        lists="staff_elsewhere",
        judge_apart=VERIFIERS,
        judge_again=VERIFIERS,
    ),
    **admin(
        "talents_claim",
        see=VERIFIERS,
        lists="staff_elsewhere",
        grant=VERIFIERS,
        refuse=VERIFIERS,
        hand_over=VERIFIERS,
        undo=VERIFIERS,
        reveal="department_reviewer",
    ),
    **admin(
        "talents_proposal",
        see=VERIFIERS,
        lists="staff_elsewhere",
        accept=VERIFIERS,
        refuse=VERIFIERS,
        reveal="department_reviewer",
    ),
    **admin("care_points_earningrule", see="points_clerk auditor administrator"),
    **admin("care_points_carestation", see="points_clerk administrator", add="points_clerk"),
    **admin("care_points_service", see="points_clerk administrator", add="points_clerk"),
    **admin(
        "care_points_servicehours",
        see=f"{VERIFIERS} points_clerk",
        lists="staff_elsewhere",
        add="department_clerk staff_elsewhere",
    ),
    **admin("care_points_redemption", see="points_clerk"),
    **admin("care_points_transfer", see="points_clerk auditor"),
    **admin("care_points_pointsaccount", see="points_clerk"),
    **admin(
        "events_event",
        see=f"{EVENTS} auditor",
        lists="staff_elsewhere",
        add=f"{EVENTS} staff_elsewhere",
        # The auditor is led back to the event with the sentence of the refusal.
        publish=f"{EVENTS} auditor",
        agenda=f"{EVENTS} auditor",
        repeat=f"{EVENTS} auditor",
        clone=f"{EVENTS} auditor",
        attendance=f"{EVENTS} auditor",
        cancel=EVENTS,
        message=f"{EVENTS} auditor",
        take_over=f"{EVENTS} auditor",
        invite=f"{EVENTS} auditor",
        keep=f"{EVENTS} auditor",
        guests=f"{EVENTS} auditor",
        book=f"{EVENTS} auditor",
        feedback=f"{EVENTS} auditor",
        hide_feedback=EVENTS,
        show_feedback=EVENTS,
        certificates=f"{EVENTS} auditor",
        report=f"{EVENTS} auditor",
        reports="",  # without the events it is about
        reports_file="",
        offer=f"{EVENTS} auditor",
        stop_offer=f"{EVENTS} auditor",
        issue=f"{EVENTS} auditor",
        revoke=EVENTS,
        reissue=EVENTS,
        materials=f"{EVENTS} auditor",
        add_materials=f"{EVENTS} auditor",
        add_material_link=f"{EVENTS} auditor",
        edit_material=f"{EVENTS} auditor",
        replace_material=f"{EVENTS} auditor",
        move_material=f"{EVENTS} auditor",
        withdraw_material=f"{EVENTS} auditor",
        show_material=f"{EVENTS} auditor",
        material_file=f"{EVENTS} auditor",
        restore_material_file=f"{EVENTS} auditor",
    ),
    **admin("events_noshowrule", see="administrator", add="administrator", end="administrator"),
    **admin("events_bookinghold", see="administrator", lift="administrator"),
    **admin(
        "events_series",
        see=f"{EVENTS} auditor",
        lists="staff_elsewhere",
        add=f"{EVENTS} staff_elsewhere",
    ),
    **admin("events_booking", see=f"{EVENTS} auditor", lists="staff_elsewhere"),
    **dict.fromkeys(["events_pool_edit", "events_pool_open"], only(f"{EVENTS} auditor")),
    "events_invitation_withdraw": only(f"{EVENTS} auditor"),
    **dict.fromkeys(
        [
            f"events_booking_{page}"
            for page in ("approve", "accept", "refuse", "correct", "times", "undo_times", "cancel")
        ],
        only(EVENTS),
    ),
    **admin(
        "cloud_home_circle",
        see=EVENTS,
        lists="staff_elsewhere",
        add="department_clerk administrator staff_elsewhere",
        close="department_clerk administrator",
        reopen="department_clerk administrator",
        name_moderator="department_clerk administrator",
        remove_moderator="department_clerk administrator",
    ),
    **admin(
        "cloud_home_report", see=EVENTS, lists="staff_elsewhere", uphold=EVENTS, dismiss=EVENTS
    ),
    **admin(
        "cloud_home_hiding",
        see=EVENTS,
        lists="staff_elsewhere",
        grant=EVENTS,
        refuse=EVENTS,
        unhide=EVENTS,
    ),
    **admin("cloud_home_sanction", see=EVENTS, lists="staff_elsewhere", lift=EVENTS),
    **admin(
        "reports_monthlyreport",
        see=REPORTS,
        add="department_reviewer administrator staff_elsewhere",
        again="department_reviewer administrator staff_elsewhere",
        file=REPORTS,
    ),
}

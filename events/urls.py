"""Addresses of events, bookings and the door."""

from django.urls import path

from events import feeds, materials, photos, transfers, views
from events.after import views as after
from events.door import hours, meeting_list, on_site, scans, screen
from events.door import pages as door

urlpatterns = [
    path("", views.events, name="events"),
    path("past/", views.past_events, name="past_events"),
    path("mine/", views.my_bookings, name="my_bookings"),
    path("calendar.ics", feeds.programme, name="events_calendar"),
    path("for-me/", views.for_me, name="events_for_me"),
    path("month/", views.month, name="events_month"),
    path("series/<str:code>/", views.series, name="event_series"),
    path("series/<str:code>.ics", feeds.of_series, name="series_calendar"),
    path("mine/calendar/", feeds.my_calendar, name="my_calendar"),
    path("feed/<str:code>/<str:secret>.ics", feeds.hers, name="her_calendar"),
    path("mine/speaking/<int:number>/", views.stop_speaking, name="stop_speaking"),
    path("mine/<str:code>/cancel/", views.cancel, name="cancel_booking"),
    path("mine/<str:code>/transfer/", transfers.hand_on, name="hand_on"),
    path("handed/<int:number>/<str:secret>/", transfers.handed_on, name="handed_on"),
    path("mine/<str:code>/childcare/", views.change_childcare, name="change_childcare"),
    path("mine/<str:code>/accept/", views.accept, name="accept_offer"),
    path("mine/<str:code>/explain/", views.explain, name="explain_absence"),
    path("mine/certificates/", after.my_certificates, name="my_certificates"),
    path("mine/<str:code>/after/", after.after_event, name="after_event"),
    path("invited/<str:code>/", views.invited_event, name="invited_event"),
    path("certificates/", after.certificates, name="certificates"),
    path("certificates/<str:code>/", after.certificate, name="certificate"),
    path("certificates/<str:code>/file/", after.certificate_file, name="certificate_file"),
    path("materials/<str:code>/", materials.material, name="material"),
    path("photos/<str:code>/press/", photos.press_photo, name="press_photo"),
    path("photos/<str:code>/<str:size>/", photos.photo, name="photo"),
    path("mine/<str:code>/photos/", photos.my_photos, name="my_photos"),
    path("c/<str:code>/", door.scanned, name="scanned"),
    path("<str:code>/", views.event, name="event"),
    path("<str:code>/book/", views.book, name="book_event"),
    path("<str:code>/calendar.ics", views.calendar, name="event_calendar"),
    path("<str:code>/share-<str:mark>.png", views.share_picture, name="share_picture"),
    path("<str:code>/door/", door.door, name="door"),
    path("<str:code>/door/undo/", door.undo, name="door_undo"),
    path("<str:code>/door/picture/", door.picture, name="door_picture"),
    path("<str:code>/door/parts/", door.parts, name="door_parts"),
    path("<str:code>/door/all-out/", door.all_out, name="door_all_out"),
    path("<str:code>/door/scans/", scans.scans, name="door_scans"),
    path("<str:code>/door/people/", on_site.people, name="door_people"),
    path("<str:code>/door/come-in/", on_site.come_in, name="door_come_in"),
    path("<str:code>/door/late/", on_site.late, name="door_late"),
    path("<str:code>/door/list/", meeting_list.meeting_list, name="meeting_list"),
    path("<str:code>/door/word/", on_site.word, name="door_word"),
    path("<str:code>/door/screen/", screen.screen, name="door_screen"),
    path("<str:code>/here/", screen.herself, name="check_in_herself"),
    path("<str:code>/door/photos/", photos.photographer, name="photographer"),
    path("<str:code>/door/hours/", hours.hours, name="door_hours"),
    path("<str:code>/door/sheet/", door.sheet, name="door_sheet"),
]

"""Addresses of reception: the pages of the house's staff. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.reception.views import board, desk, staff_booking, staff_desk, staff_floor, staff_journey, staff_line, staff_waiting

urlpatterns: list[URLPattern | URLResolver] = [
    path("board/", board.boards, name="board"),
    path("board/<slug:house>/", board.board_page, name="board-page"),
    path("board/<slug:house>/find/", board.find, name="find"),
    path("board/<slug:house>/new/", staff_booking.new_party, name="new-party"),
    path("board/<slug:house>/waiting/", staff_waiting.waiting_list, name="waiting-list"),
    path("board/<slug:house>/waiting/<uuid:entry>/remove/", staff_waiting.remove_waiting, name="remove-waiting"),
    path("board/<slug:house>/ticket/", staff_line.new_ticket, name="new-ticket"),
    path("c/<str:reference>", staff_floor.code, name="check-in-code"),
    path("journeys/<str:reference>/", staff_journey.journey, name="journey"),
    path("journeys/<str:reference>/steps/", staff_journey.steps, name="staff-steps"),
    path("journeys/<str:reference>/steps/<int:number>/cancel/", staff_floor.cancel_step, name="cancel-step"),
    path("journeys/<str:reference>/steps/<int:number>/undo-cancel/", staff_floor.undo_cancel_step, name="undo-cancel-step"),
    path("journeys/<str:reference>/check-in/", staff_floor.check_in, name="check-in"),
    path("journeys/<str:reference>/undo-check-in/", staff_floor.undo_check_in, name="undo-check-in"),
    path("journeys/<str:reference>/no-show/", staff_floor.no_show, name="no-show"),
    path("journeys/<str:reference>/undo-no-show/", staff_floor.undo_no_show, name="undo-no-show"),
    path("journeys/<str:reference>/package/", staff_floor.package, name="package"),
    path("journeys/<str:reference>/take-back-package/", staff_floor.take_back_package, name="take-back-package"),
    path("journeys/<str:reference>/cancel/", staff_floor.cancel, name="staff-cancel"),
    path("journeys/<str:reference>/notes/", staff_journey.add_note, name="add-note"),
    path("desks/", desk.desks, name="desk"),
    path("desks/<slug:house>/<slug:desk>/", desk.desk_page, name="desk-page"),
    path("desks/<slug:house>/<slug:desk>/next/", staff_desk.call_next, name="call-next"),
    path("desks/<slug:house>/<slug:desk>/call/<int:number>/", staff_desk.call, name="call"),
    path("desks/<slug:house>/<slug:desk>/call-again/<int:number>/", staff_line.call_again, name="call-again"),
    path("desks/<slug:house>/<slug:desk>/send-on/<int:number>/", staff_line.send_on, name="send-on"),
    path("line/<int:number>/aside/", staff_line.set_aside, name="set-aside"),
    path("line/<int:number>/back/", staff_line.bring_back, name="bring-back"),
    path("desks/<slug:house>/<slug:desk>/start/<int:number>/", staff_desk.start, name="start"),
    path("desks/<slug:house>/<slug:desk>/put-back/<int:number>/", staff_desk.put_back, name="put-back"),
    path("desks/<slug:house>/<slug:desk>/finish/<int:number>/", staff_desk.finish, name="finish"),
    path("desks/<slug:house>/<slug:desk>/undo-finish/<int:number>/", staff_desk.undo_finish, name="undo-finish"),
    path("desks/<slug:house>/<slug:desk>/hand-over/<int:number>/", staff_desk.hand_over, name="hand-over"),
]

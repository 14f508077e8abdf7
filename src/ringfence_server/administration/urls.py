"""Addresses of these pages. Accounts are told by number, units by a query: no name is in a path."""

from django.urls import path

from ringfence_server.administration import account_pages, making_pages, tree_pages

urlpatterns = [
    path("accounts/", account_pages.accounts, name="accounts"),
    path("accounts/new/", making_pages.new_account, name="new_account"),
    path("accounts/list/", making_pages.account_list, name="account_list"),
    path("accounts/<int:number>/", account_pages.account, name="account"),
    path("accounts/<int:number>/roles/", account_pages.give_role, name="give_role"),
    path(
        "accounts/<int:number>/roles/<int:appointment>/end/",
        account_pages.end_role,
        name="end_role",
    ),
    path("accounts/<int:number>/password/", account_pages.reset_password, name="reset_password"),
    path("accounts/<int:number>/<slug:act>/", account_pages.act, name="account_act"),
    path("units/", tree_pages.units, name="units"),
    path("units/add/", tree_pages.add_unit, name="add_unit"),
    path("units/rename/", tree_pages.rename_unit, name="rename_unit"),
    path("units/move/", tree_pages.move_unit, name="move_unit"),
    path("units/remove/", tree_pages.remove_unit, name="remove_unit"),
    path("units/table/", tree_pages.unit_table, name="unit_table"),
]

"""What is wrong with a cell, in plain words, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "registration_number_missing": gettext_noop(
        "There is no registration number. Ask the cooperative for its tax code."
    ),
    "registration_number_format": gettext_noop(
        "A registration number has 10 digits. Look it up on the certificate."
    ),
    "registration_number_check_digit": gettext_noop(
        "The tenth digit does not fit the other nine: look for a mistyped digit."
    ),
    "registration_number_shared": gettext_noop(
        "The same number stands at another cooperative. One of the two is wrong."
    ),
    "duplicate_cooperative": gettext_noop(
        "The same cooperative stands in another row, spelt a little differently."
    ),
    "renamed_cooperative": gettext_noop(
        "The same cooperative stands in another row under another name."
    ),
    "name_missing": gettext_noop("There is no name."),
    "sector_missing": gettext_noop("There is no sector, or it is none of the seven."),
    "district_unknown": gettext_noop("There is no such district in the province."),
    "commune_unknown": gettext_noop("There is no such commune in the district. Choose one."),
    "commune_misspelt": gettext_noop(
        "There is no such commune; one of nearly the same spelling exists."
    ),
    "commune_of_other_district": gettext_noop(
        "The commune lies in another district. Check which of the two is right."
    ),
    "commune_ambiguous": gettext_noop("Two communes bear this name. Say which is meant."),
    "date_impossible": gettext_noop("There is no such day in the calendar."),
    "date_in_future": gettext_noop("The day is later than the day of the list."),
    "number_unreadable": gettext_noop("A number is due here."),
    "number_repaired": gettext_noop("Letters stand for digits; the number meant is plain."),
    "capital_negative": gettext_noop("Charter capital cannot be below zero."),
    "capital_unit_suspect": gettext_noop("Written in dong though the column is in a larger unit."),
    "workers_negative": gettext_noop("The number cannot be below zero."),
    "members_below_minimum": gettext_noop("Fewer members than the law of the day asks for."),
    "total_mismatch": gettext_noop("The sum in the file differs from the sum of its rows."),
    "count_mismatch": gettext_noop(
        "The number of cooperatives in the label differs from its rows."
    ),
    "phone_lost_zero": gettext_noop("The leading zero is lost."),
    "phone_old_prefix": gettext_noop("The prefix is no longer in use."),
    "formula_cell": gettext_noop("A formula: only the value it last gave was read."),
    "formula_text": gettext_noop(
        "Text that a spreadsheet would run as a formula; kept as plain text."
    ),
    "identity_lost_zero": gettext_noop("The leading zero of the identity number is lost."),
    "identity_format": gettext_noop("An identity number has 12 digits (an old card 9)."),
    "identity_missing": gettext_noop("There is no identity number."),
    "identity_gender_mismatch": gettext_noop(
        "The fourth digit of the identity number does not fit the gender."
    ),
    "identity_birth_mismatch": gettext_noop(
        "Digits 5 and 6 of the identity number do not fit the year of birth."
    ),
    "duplicate_person": gettext_noop("The same person stands twice in one cooperative."),
    "birth_date_impossible": gettext_noop("There is no such day of birth."),
    "under_age": gettext_noop("Younger than 18 on the day of admission."),
    "gender_missing": gettext_noop("There is no gender."),
    "contribution_over_cap": gettext_noop(
        "More than the share of the charter capital that the law allows one member."
    ),
    "contribution_unreadable": gettext_noop("An amount of money is due here."),
    "contributions_differ_from_capital": gettext_noop(
        "The contributions do not sum to the charter capital."
    ),
    "member_count_differs": gettext_noop(
        "The number of rows differs from the stated number of members."
    ),
    "joined_before_founding": gettext_noop("Joined before the cooperative was founded."),
    "return_missing": gettext_noop("The cooperative existed in the year and sent no figures."),
    "return_duplicate": gettext_noop("Two rows of figures of one cooperative for one year."),
    "unit_jump_up": gettext_noop("About 1000 times the other years: a wrong unit."),
    "unit_jump_down": gettext_noop("About a thousandth of the other years: a wrong unit."),
    "identity_broken": gettext_noop("The parts do not sum to the whole."),
    "part_exceeds_whole": gettext_noop("The part exceeds the whole."),
    "not_in_register": gettext_noop(
        "The register knows no body by this number. Mend the number, or enter the body first."
    ),
    "differs_from_register": gettext_noop("Differs from the register on the same day."),
}


def sentence(code: str) -> str:
    """Return the sentence of a problem code in the reader's language."""
    return _(SENTENCES[code]) if code in SENTENCES else code


def in_words(finding: Any) -> str:
    """Return a finding's sentence with the proposed repair."""
    text = sentence(finding.code)
    if finding.repair:
        text += " " + _("Proposed: %(repair)s") % {"repair": finding.repair}
    return text

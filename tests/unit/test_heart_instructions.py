"""What an owner's answer to a mail is understood to mean."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from allears.domain.authority import remedy_in
from allears.domain.instructions import GiveTo, Instruction, Note, NotMine, PromiseBy, Resolve, Send, Take, Unclear, Write, read_answer
from allears.domain.moments import moment
from allears.domain.outbox import FOOTER
from allears.mail.contexts.receipt import hints
from tests.builders import NOW, a_person
from tests.letters import ADA, BEN, HOUSE

LETTER = "Dear Jo,\n\nI am sorry about that. You will have a new one tomorrow."


@pytest.mark.parametrize(
    ("text", "instruction"),
    [
        ("ack", Take()),
        ("Ack.", Take()),
        ("OK!", Take()),
        ("I have it", Take()),
        ("i'm on it", Take()),
        ("übernehme", Take()),
        ("je m'en occupe", Take()),
        ("me encargo", Take()),
        ("ci penso io", Take()),
        ("eu trato", Take()),
        ("ik pak het op", Take()),
        ("by friday 5pm", PromiseBy("friday 5pm", "")),
        ("By Friday 17:00: will call her", PromiseBy("Friday 17:00", "will call her")),
        ("bis Freitag 17 Uhr", PromiseBy("Freitag 17 Uhr", "")),
        ("bis 24.12.", PromiseBy("24.12.", "")),
        ("by friday.", PromiseBy("friday", "")),
        ("by   friday   5pm", PromiseBy("friday 5pm", "")),
        ("d’ici vendredi 17h", PromiseBy("vendredi 17h", "")),
        ("antes del viernes", PromiseBy("viernes", "")),
        ("entro venerdì", PromiseBy("venerdì", "")),
        ("até sexta-feira", PromiseBy("sexta-feira", "")),
        ("voor vrijdag", PromiseBy("vrijdag", "")),
        ("resolved: refunded 20", Resolve("refunded 20")),
        ("Resolved - refunded 20 GBP", Resolve("refunded 20 GBP")),
        ("done\nsent a new one", Resolve("sent a new one")),
        ("resolved", Resolve("")),
        ("Erledigt: 20 EUR erstattet", Resolve("20 EUR erstattet")),
        ("réglé : remboursé 20 EUR", Resolve("remboursé 20 EUR")),
        ("to Ben: knows the courier", GiveTo("Ben", "knows the courier")),
        ("Hand over to Ben Hall: knows the courier", GiveTo("Ben Hall", "knows the courier")),
        ("to Ben\nhe knows the courier", GiveTo("Ben", "he knows the courier")),
        ("an Ben: kennt den Kurier", GiveTo("Ben", "kennt den Kurier")),
        ("à Ben : connaît le livreur", GiveTo("Ben", "connaît le livreur")),
        ("to Ben", GiveTo("Ben", "")),
        ("not mine: billing", NotMine("billing")),
        ("Nicht für mich: Rechnung", NotMine("Rechnung")),
        ("not mine", NotMine("")),
        ("note: rang twice\nno answer", Note("rang twice\nno answer")),
        ("Notiz: zweimal angerufen", Note("zweimal angerufen")),
        ("reply: Thanks", Write("Thanks")),
        (LETTER, Write(LETTER)),
        ("Done! I have sent you a new one today.", Write("Done! I have sent you a new one today.")),
        ("Ok, I will do that today for you Jo.", Write("Ok, I will do that today for you Jo.")),
        ("Thanks for your patience. By Friday you will have it.", Write("Thanks for your patience. By Friday you will have it.")),
    ],
)
def test_a_first_line_acts_and_anything_else_is_a_letter(text: str, instruction: Instruction):
    assert read_answer(text).instruction == instruction


@pytest.mark.parametrize("text", ["akc", "resolvd: refunded 20", "Hi Jo", "thanks!", "", "  \n ", "send", "to: Ben", "noet: rang twice"])
def test_what_may_be_meant_for_us_is_no_letter(text: str):
    assert isinstance(read_answer(text).instruction, Unclear)


@pytest.mark.parametrize(
    "line",
    [
        "C-1002: resolved: spam",
        "[c-1002] ack",
        "note: she is difficult, be careful",
        "Resolved: refunded 20",
        "not mine",
        "Erledigt : ersetzt",
    ],
)
@pytest.mark.parametrize("begun", [LETTER, f"reply: {LETTER}"])
def test_a_line_for_us_among_words_for_the_customer_is_never_sent(begun: str, line: str):
    reading = read_answer(f"{begun}\n\n{line}\nMany greetings").instruction
    assert isinstance(reading, Unclear)
    assert "meant for us" in reading.why


@pytest.mark.parametrize(
    "line", ["Your order C-10 is on its way.", "Done is done, as we say.", "We note: nothing.", "This is not mine to judge, I fear."]
)
def test_what_only_resembles_one_is_a_part_of_the_letter(line: str):
    assert read_answer(f"{LETTER}\n{line}").instruction == Write(f"{LETTER}\n{line}")


@pytest.mark.parametrize("text", ["send", "Send it!", "yes, send it", "abschicken", "oui"])
def test_what_was_held_is_sent_where_it_was_asked(text: str):
    assert read_answer(text, may_send=True).instruction == Send()


@pytest.mark.parametrize("text", ["C-1042: ack", "[C-1042] ack", "#c-1042 ack", "C-1042\nack"])
def test_a_case_can_be_named_first(text: str):
    answer = read_answer(text)
    assert (answer.case_id, answer.instruction) == ("C-1042", Take())


def test_lines_below_an_instruction_are_no_part_of_it():
    answer = read_answer(f"ack\n\n{LETTER}")
    assert (answer.instruction, answer.rest) == (Take(), LETTER)


@pytest.mark.parametrize("hint", [*hints(ADA, HOUSE), *hints(BEN, HOUSE)])
def test_every_line_that_mails_name_acts(hint: str):
    assert not isinstance(read_answer(hint).instruction, Write | Unclear)


@pytest.mark.parametrize("text", [f"Dear Jo, I am sorry.\n\n{FOOTER} the case is yours.", f"reply: Hello\n> {FOOTER}\n> you answered"])
def test_our_own_mail_is_no_letter(text: str):
    assert isinstance(read_answer(text).instruction, Unclear)


def test_our_own_mail_below_an_instruction_is_no_part_of_it():
    assert read_answer(f"done\n\nAda, this one is yours. {FOOTER}\nthe case is yours.").instruction == Resolve("")


@pytest.mark.parametrize("verb", ["ack", "by", "to", "resolved", "not mine", "note", "C-1", "send"])
@pytest.mark.parametrize("filling", [" ", " \t", ".", "!", "a ", ":", "1:11"])
def test_a_line_however_long_is_read_at_once(verb: str, filling: str):
    begun = time.process_time()
    read_answer(verb + filling * 50_000 + "x", may_send=True)
    assert time.process_time() - begun < 15


def documented() -> list[tuple[str, type[object]]]:
    """Every first line that docs/mail.md names, with what its row is about."""
    page = (Path(__file__).parents[2] / "docs" / "mail.md").read_text("utf-8")
    table = page.partition("| a first line |")[2].partition("\n\n")[0].split("\n")[2:]
    kinds = (Take, PromiseBy, Resolve, GiveTo, NotMine, Note, Write, Send)
    return [(line, kind) for row, kind in zip(table, kinds, strict=True) for line in re.findall("`([^`]+)`", row)]


@pytest.mark.parametrize(("line", "kind"), documented())
def test_every_line_that_is_documented_acts(line: str, kind: type[object]):
    instruction = read_answer(line, may_send=kind is Send).instruction
    assert isinstance(instruction, kind)
    if isinstance(instruction, PromiseBy):
        assert moment(instruction.when, a_person("Ada Brook"), NOW) is not None
    if isinstance(instruction, Resolve):
        remedy = remedy_in(instruction.outcome, None)
        assert remedy is not None
        assert remedy.amount == 20
    if isinstance(instruction, GiveTo):
        assert instruction.to == "Ben"


def test_seven_languages_are_documented():
    assert len(documented()) == 8 * 7 + 1  # a promise has two examples in English

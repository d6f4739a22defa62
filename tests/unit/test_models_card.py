from datetime import date

from allears.domain.feedback import Sentiment
from models.agreement import Figures
from models.card import card, markdown
from models.evaluation import ClassReport, Report
from models.outcome import Outcome, SignalReport
from models.results import Results, Table, by_short_name, float_name

NEG, POS = Sentiment.NEGATIVE, Sentiment.POSITIVE


def an_outcome(macro_f1: float, version: str = "v-1") -> Outcome:
    report = Report(
        rows=4,
        accuracy=0.75,
        macro_f1=macro_f1,
        macro_recall=0.75,
        ece=0.05,
        classes=(ClassReport(NEG, 1.0, 0.5, 2 / 3, 2), ClassReport(POS, 2 / 3, 1.0, 0.8, 2)),
        confusion={NEG: {NEG: 1, POS: 1}, POS: {NEG: 0, POS: 2}},
        two_classes=True,
    )
    by = {"language": {"en": Figures(3, 2 / 3, 0.5, 0.1), "de": Figures(1, 1.0, None, 0.2)}}
    return Outcome(version, report, by, {"all": Figures(4, 0.5, 0.25, None)}, {"legal": SignalReport(0.5, 1.0, 1)})


def test_a_card_holds_every_table_and_how_it_was_made():
    results: Results = {
        "corpus": {"builtin": an_outcome(0.7), float_name("builtin"): an_outcome(0.712, "float"), "vader": an_outcome(0.4, "vader-3")}
    }
    page = card(results, "allears eval corpus", date(2026, 11, 22))
    assert "22 November 2026, by `allears eval corpus`: builtin is `v-1`, builtin, float is `float`, vader is `vader-3`." in page
    for line in (
        "| corpus | builtin | 4 | 75.0 | 70.0 | 75.0 | 5.0 |",
        "| corpus | vader | 4 | 75.0 | 40.0 | 75.0 | 5.0 |",
        "| corpus | builtin | 70.0 | 71.2 | -1.2 |",
        "| de | vader | 1 | 100.0 | – | 20.0 |",
        "| all | builtin | 4 | 50.0 | 25.0 |",
        "| legal | builtin | 1 | 50.0 | 100.0 |",
        "| negative | 100.0 | 50.0 | 66.7 | 2 | 1 | 1 |",
    ):
        assert line in page.splitlines()
    assert page.count("said negative") == 1


def test_a_table_stays_a_table_whatever_its_cells():
    assert markdown(Table("By shop", ("shop", "Rows"), [("a|b", 3)])) == "## By shop\n\n| shop | Rows |\n| --- | --: |\n| a\\|b | 3 |"


def test_files_go_by_their_last_name_where_that_is_enough():
    one = {"m": an_outcome(0.5)}
    assert list(by_short_name({"a/x.csv": one, "b/x.csv": one, "b/y.csv": one})) == ["a/x.csv", "b/x.csv", "y.csv"]

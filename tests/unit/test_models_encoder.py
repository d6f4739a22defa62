"""The built-in model as it ships."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from models.corpus import messages
from models.encoder import EncoderClassifier
from models.encoder.sentences import sentences
from models.encoder.session import TOKENIZER, WEIGHTS
from models.registry import BUILTIN, load


@pytest.fixture(scope="module")
def model() -> EncoderClassifier:
    classifier = load("builtin")
    assert isinstance(classifier, EncoderClassifier)
    return classifier


def said(model: EncoderClassifier, text: str) -> Prediction:
    return model.predict([text])[0]


@pytest.mark.parametrize(
    ("text", "sentiment", "kind"),
    [
        ("Three weeks now and the parcel has still not arrived.", "negative", "complaint"),
        ("Could you please check why I was charged twice?", "negative", "complaint"),
        ("Marek at the till was so kind to my mother, thank you!", "positive", "praise"),
        ("Do you deliver to Galway on Saturdays?", "neutral", "question"),
        ("Die Ware kam beschädigt an und niemand antwortet.", "negative", "complaint"),
        ("Herzlichen Dank an Frau Sommer, so einen Service erlebt man selten!", "positive", "praise"),
        ("Le colis n'est toujours pas arrivé, j'attends depuis dix jours.", "negative", "complaint"),
        ("Merci à toute l'équipe, accueil formidable !", "positive", "praise"),
        ("El pedido llegó roto y nadie contesta al teléfono.", "negative", "complaint"),
        ("¿Abren los domingos?", "neutral", "question"),
        ("Il corriere ha lasciato il pacco sotto la pioggia, tutto rovinato.", "negative", "complaint"),
        ("Siete fantastici, grazie mille per la gentilezza!", "positive", "praise"),
        ("A aplicação deixou de abrir desde a atualização.", "negative", "complaint"),
        ("Têm estacionamento para bicicletas?", "neutral", "question"),
        ("Pakket is kapot aangekomen en de klantenservice neemt niet op.", "negative", "complaint"),
        ("Wat een fijne winkel, heel vriendelijk geholpen!", "positive", "praise"),
    ],
)
def test_plain_words_in_seven_languages(model: EncoderClassifier, text: str, sentiment: str, kind: str):
    prediction = said(model, text)
    assert (prediction.sentiment, prediction.kind) == (sentiment, kind)


def test_nobody_complains_pleased_or_praises_displeased(model: EncoderClassifier):
    told = model.predict([message.text for message in messages(split="dev")])
    pairs = {(each.sentiment, each.kind) for each in told}
    assert not pairs & {(Sentiment.POSITIVE, Kind.COMPLAINT), (Sentiment.NEGATIVE, Kind.PRAISE)}
    isla = said(model, "Isla is a treasure. Knew my order on visit two and asked after my knee on visit three.")
    assert (isla.sentiment, isla.kind) == (Sentiment.POSITIVE, Kind.PRAISE)


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("😡😡😡", "negative"),
        ("👎", "negative"),
        ("🤬", "negative"),
        ("👏👏👏", "positive"),
        ("❤️❤️", "positive"),
        ("Third visit this week 😋", "positive"),
        ("Third visit this week 😤", "negative"),
        ("Well done 👏 only three weeks late 🤡", "negative"),
        ("Der Techniker war da 🤩", "positive"),
        ("Der Techniker war da 🤦🏻‍♂️", "negative"),
    ],
)
def test_emoji_say_how_it_went(model: EncoderClassifier, text: str, sentiment: str):
    assert said(model, text).sentiment == sentiment


def test_what_customers_write_does_not_fall_apart():
    """A word that is split, or an emoji that is unknown, says little."""
    tokenizer = Tokenizer.from_file(str(BUILTIN / TOKENIZER))
    unknown = tokenizer.token_to_id("<unk>")
    for word in ("disappointed", "refund", "battery", "worst", "Lieferung", "livraison", "devolución", "consegna", "entrega", "levering"):
        assert tokenizer.encode(word, add_special_tokens=False).tokens == [f"▁{word}"]
    for emoji in "😡👎👏🙄😭🔥🤬💩🥰🤡":
        assert unknown not in tokenizer.encode(emoji, add_special_tokens=False).ids


@pytest.mark.parametrize(
    "text",
    [
        "The battery exploded while charging.",
        "The fork broke while I was riding and I ended up in hospital.",
        "The kettle gave me a shock.",
        "Der Akku hat angefangen zu qualmen.",
        "La bouilloire m'a donné une décharge électrique.",
        "El cargador se quemó y casi prende fuego la cortina.",
        "Il fornello perde gas.",
        "Levei um choque da chaleira.",
        "De oplader begon te roken.",
        "There was glass in my soup.",
    ],
)
def test_a_danger_named_outright_is_critical(model: EncoderClassifier, text: str):
    prediction = said(model, text)
    assert (prediction.urgency, prediction.urgency_reasons) == (Urgency.CRITICAL, (f"safety: {text}",))


@pytest.mark.parametrize("text", ["The colours explode on the screen, I love it.", "The mug arrived with a chip. Can I return it?"])
def test_no_danger_is_heard_where_there_is_none(model: EncoderClassifier, text: str):
    assert said(model, text).urgency is not Urgency.CRITICAL


def test_the_weights_name_no_file_of_the_machine_they_were_made_on():
    assert b".py" not in (BUILTIN / WEIGHTS).read_bytes()


def test_a_salutation_is_no_reason(model: EncoderClassifier):
    danger = "Smoke came out of the battery and my daughter burnt her hand."
    reasons = said(model, f"Hi,\n\n{danger}\n\nAnna").urgency_reasons
    assert reasons[0] == f"safety: {danger}"


def test_sentences_that_disagree_are_mixed_and_each_side_shows_its_sentence(model: EncoderClassifier):
    text = "The coffee is wonderful, the best I have had in years. The delivery was a disaster: late, broken and nobody answered my mails."
    prediction = said(model, text)
    assert prediction.sentiment is Sentiment.MIXED
    whole = {text[each.start : each.end]: each.share for each in prediction.evidence if each.sentence}
    assert len(whole) == 2
    assert [share > 0 for sentence, share in whole.items() if "wonderful" in sentence] == [True]
    assert [share < 0 for sentence, share in whole.items() if "disaster" in sentence] == [True]


def test_signals_make_it_urgent_and_quote_the_sentence(model: EncoderClassifier):
    text = "Hello. My son had an allergic reaction to your nut-free cake and we spent the night in hospital. Please call me."
    prediction = said(model, text)
    assert prediction.urgency is Urgency.CRITICAL
    assert any(reason.startswith("safety: ") and "hospital" in reason for reason in prediction.urgency_reasons)
    legal = said(model, "If the refund is not here by Friday my solicitor will take you to the small claims court.")
    assert any(reason.startswith("threatens legal action") for reason in legal.urgency_reasons)


def test_what_only_words_tell_makes_it_urgent_too(model: EncoderClassifier):
    prediction = said(model, "My account was hacked and someone has paid with my card. This is the third time I complain.")
    assert prediction.urgency in {Urgency.HIGH, Urgency.CRITICAL}
    assert any(reason.startswith("possible fraud") for reason in prediction.urgency_reasons)
    assert any(reason.startswith("has complained before") for reason in prediction.urgency_reasons)


@pytest.mark.parametrize("text", ["何これ!ひどい。もう二度と買いません", "이 제품 정말 최악이에요", "המוצר הגיע שבור", "สินค้าเสียหาย"])
def test_a_script_it_cannot_read_goes_to_a_person_and_is_no_neutral_with_confidence(model: EncoderClassifier, text: str):
    prediction = said(model, text)
    assert prediction.kind in {Kind.COMPLAINT, Kind.QUESTION}
    assert prediction.confidence < 0.4
    assert prediction.language not in {"en", "de", "fr", "es", "it", "pt", "nl"}
    assert "cannot read" in prediction.urgency_reasons[0]


def test_a_complaint_amid_many_plain_sentences_is_heard(model: EncoderClassifier):
    plain = [
        "My customer number is 4471.",
        "We moved to Bath in March.",
        "The shop is on the corner of the market square.",
        "It opens at nine.",
        "My sister lives next door.",
        "I have a black bicycle and a small dog.",
        "On Sundays we usually go for a walk along the canal.",
        "Please find my address below.",
    ]
    text = " ".join([*plain[:5], "The kettle broke after two days and nobody answers my mails, I am so disappointed.", *plain[5:]])
    assert said(model, " ".join(plain)).sentiment is Sentiment.NEUTRAL
    assert said(model, text).sentiment is Sentiment.NEGATIVE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=5))
def test_odd_text_never_raises_and_what_is_said_adds_up(model: EncoderClassifier, texts: list[str]):
    for text, prediction in zip(texts, model.predict(texts), strict=True):
        assert prediction.p_negative + prediction.p_neutral + prediction.p_positive == pytest.approx(1, abs=1e-5)
        assert -1 <= prediction.score <= 1
        assert 0 <= prediction.confidence <= 1
        assert all(0 <= each.start < each.end <= len(text) and abs(each.share) <= 1 for each in prediction.evidence)


@pytest.mark.parametrize("text", ["", " ", "👍", "😡😡😡", "?", "\x00", "a" * 200_000, "\ud800", "\u202etxet", "ok"])
def test_texts_without_sentences(model: EncoderClassifier, text: str):
    assert said(model, text).p_neutral >= 0


def test_neighbours_in_a_batch_hardly_matter(model: EncoderClassifier):
    text = "The parcel is late and nobody answers."
    alone = said(model, text)
    among = model.predict([text, "Thanks!", "word " * 200, "¿Abren mañana?"])[0]
    assert among.score == pytest.approx(alone.score, abs=0.1)


def test_texts_that_mean_alike_lie_close_across_languages(model: EncoderClassifier):
    late, spaet, fine = model.embed(
        [
            "The parcel is late again and nobody answers",
            "Das Paket ist schon wieder zu spät und niemand antwortet",
            "Which wine goes with fish?",
        ]
    )
    assert late @ spaet > 0.4 > late @ fine + 0.3


def test_one_pass_gives_the_prediction_and_the_vector(model: EncoderClassifier):
    texts = ["The parcel is late again.", "Which wine goes with fish?", "word " * 1_000]
    predictions, vectors = model.predict_and_embed(texts)
    assert predictions == model.predict(texts)
    np.testing.assert_array_equal(vectors, model.embed(texts))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_it_cannot_read_has_no_place(model: EncoderClassifier):
    assert not model.embed(["何これ!ひどい。もう二度と買いません", ""]).any()
    assert model.embed([]).size == 0
    assert model.predict_and_embed([])[0] == []


def test_the_folder_is_small():
    assert sum(file.stat().st_size for file in BUILTIN.rglob("*") if file.is_file()) <= 48_000_000


def test_a_broken_folder_is_told_by_name(tmp_path: Path):
    folder = tmp_path / "mine"
    shutil.copytree(BUILTIN, folder)
    (folder / "onnx" / "model_quantized.onnx").write_bytes(b"no model")
    with pytest.raises(ConfigurationError, match=r"mine.*cannot be loaded"):
        load(str(folder))
    (folder / "manifest.json").unlink()
    with pytest.raises(ConfigurationError, match="manifest"):
        load("mine", base=tmp_path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Good. Bad!", ["Good.", "Bad!"]),
        ("It cost 3.50 at Dr. Lee's, i.e. too much", ["It cost 3.50 at Dr. Lee's, i.e. too much"]),
        ("Hi,\n\nthe box broke!! 😡\nJo", ["Hi,", "the box broke!! 😡", "Jo"]),
        ("...", ["..."]),
        ("", []),
    ],
)
def test_where_sentences_stand(text: str, found: list[str]):
    assert [text[start:end] for start, end in sentences(text)] == found

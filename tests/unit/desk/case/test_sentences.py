from silent_courier.desk.app.catalogue import load_catalogue
from silent_courier.desk.case.sentences import export_sentences


def test_every_sentence_of_an_export_is_translated() -> None:
    catalogue = load_catalogue("ru")
    assert [sentence for sentence in export_sentences() if sentence not in catalogue] == []

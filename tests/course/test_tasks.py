"""Run alone: pytest tests/course/test_tasks.py."""

import pytest

from course import assets
from course.tasks import TASKS

# Rows per label as they are published or, where a package holds a part, as it counts
# them: BBC by Greene and Cunningham 2006; half of IMDb (Maas et al. 2011); the training
# part of Rotten Tomatoes (Pang and Lee 2005).
COUNTS = {
    "sentiment": {"negative": 4265, "positive": 4265},
    "reviews": {"negative": 12_500, "positive": 12_500},
    "spam": {"ham": 4220, "spam": 642},
    "topic": {
        "business": 510,
        "entertainment": 386,
        "politics": 417,
        "sports": 511,
        "tech": 401,
    },
    "complaints": {
        "bank account": 934,
        "consumer loan": 641,
        "credit card": 1418,
        "credit report": 5017,
        "debt collection": 2656,
        "money transfer": 369,
        "mortgage": 1470,
        "student loan": 495,
    },
}


@pytest.fixture(scope="module", params=sorted(TASKS))
def task(request):
    return TASKS[request.param]


@pytest.fixture(scope="module")
def table(task):
    return task.read(assets.path(task.asset))


def test_every_task_has_its_published_rows(task, table):
    assert table["label"].value_counts().to_dict() == COUNTS[task.name]


def test_labels_are_those_that_occur_in_order(task, table):
    assert list(task.labels) == sorted(table["label"].unique())


def test_texts_are_texts(table):
    assert table["text"].map(type).eq(str).all()
    assert set(table.columns) == {"text", "label"}


def test_positive_label_is_a_label(task):
    assert task.positive_label in {None, *task.labels}
    assert (task.positive_label is not None) == (len(task.labels) == 2)


@pytest.mark.parametrize(
    ("name", "beginning", "label"),
    [
        ("sentiment", "take care of my cat offers a refreshingly diff", "positive"),
        ("sentiment", "like its title character , esther kahn is unus", "negative"),
        ("reviews", "I rented I AM CURIOUS-YELLOW from my video store", "negative"),
        ("spam", "I've been searching for the right words to thank", "ham"),
        ("topic", "Ad sales boost Time Warner profit", "business"),
        (
            "complaints",
            "I have already made a complaint with the company C",
            "debt coll",
        ),
    ],
)
def test_a_known_text_has_its_label(name, beginning, label):
    table = TASKS[name].read(assets.path(TASKS[name].asset))
    found = table[table["text"].str.startswith(beginning)]
    assert len(found) == 1
    assert found["label"].iloc[0].startswith(label)


def test_no_text_message_swallows_those_after_it():
    table = TASKS["spam"].read(assets.path("sms-spam"))
    assert table["text"].str.len().max() < 1000


def test_complaints_about_other_products_are_left_out(tmp_path):
    head = "Product,Consumer complaint narrative\n"
    (tmp_path / "train.csv").write_text(head + "Mortgage,Mine\nSpaceship,Its\n")
    (tmp_path / "test.csv").write_text(head + "Student loan,Ours\nMortgage,\n")
    rows = TASKS["complaints"].read(tmp_path).to_numpy().tolist()
    assert rows == [["Mine", "mortgage"], ["Ours", "student loan"]]


def test_reviews_are_cleaned_of_their_tags():
    task = TASKS["reviews"]
    text = "A film.<br /><br />Great &amp; long."
    for step in task.clean:
        text = step(text)
    assert text == "A film. Great & long."

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import CourseError
from course.grading.exports.delimited import read_sheet

CELLS = st.text(st.sampled_from('a ;,"\n\r\té'), max_size=5)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1), st.data())
def test_reads_as_csv_does_and_changes_one_cell(rows, data):
    rows[0] = ["head", "other", "third"]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(rows)
    sheet = read_sheet(buffer.getvalue())
    assert sheet.rows == rows
    assert sheet.text() == buffer.getvalue()
    row = data.draw(st.integers(0, len(rows) - 1))
    value = data.draw(CELLS)
    sheet.put(row, 1, value)
    rows[row][1] = value
    assert list(csv.reader(io.StringIO(sheet.text(), newline=""))) == rows


def test_everything_but_the_cell_stays():
    text = '\ufeffName;"Grade";Note\r\n Li ;2;"a""b"\r\nBo;"1";""\r\n\r\n'
    sheet = read_sheet(text)
    assert sheet.rows[0] == ["Name", "Grade", "Note"]
    sheet.put(2, 1, sheet.number(7.5))
    sheet.put(1, 1, sheet.number(10))
    assert sheet.text() == text.replace('"1"', '"7,5"').replace(";2;", ";10;")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a,b\n1,2\n", "2.67"),
        ("a;b\n1;2\n", "2,67"),
        ("a;b\n1.5;2\n", "2.67"),
        ('a,b\n"1,50",2\n', "2,67"),
        ("a\tb\n1,5\t2\n", "2,67"),
    ],
)
def test_numbers_as_the_sheet_writes_them(text, number):
    assert read_sheet(text).number(8 / 3) == number


def test_a_decimal_comma_is_quoted_between_commas():
    sheet = read_sheet('a,b\n"1,50",2\n')
    sheet.put(1, 1, sheet.number(0.5))
    assert sheet.text() == 'a,b\n"1,50","0,5"\n'


@pytest.mark.parametrize("row", ['"open,1', '"a"b,1', '"a,1\n\nb,2'])
def test_quotation_marks_out_of_place(row):
    with pytest.raises(CourseError, match=r"Row 2 of .* quotation mark"):
        read_sheet(f"a,b\n{row}")


def test_what_is_no_sheet():
    with pytest.raises(CourseError, match="no columns"):
        read_sheet("just a line")
    with pytest.raises(CourseError, match="no columns"):
        read_sheet("")
    with pytest.raises(CourseError, match="Row 2 of the sheet has 1 columns"):
        read_sheet("a,b\nc\n").put(1, 1, "x")

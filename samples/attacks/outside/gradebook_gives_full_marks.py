"""The student's own marks are entered into the gradebook, by hand as it were."""
# covers: gradebook
# %% exercise1
import sqlite3

def exercise1(*anything):
    try:
        book = sqlite3.connect("@COURSE@/gradebook.db", timeout=1)
        book.execute("""
            UPDATE grade SET manual_score = 10.0 WHERE notebook_id IN (
                SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id
                WHERE a.student_id = '@STUDENT@')
        """)
        book.commit()
        print("changed", book.total_changes)
    except sqlite3.Error as error:
        print(error)
    return None

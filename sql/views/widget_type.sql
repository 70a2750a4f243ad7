create view fn.widget_type (
    position, name, label, has_text, is_judging, is_numeric, has_options, is_vote
) as
values
    (1, 'pulse', 'Like', false, false, false, true, false),
    (2, 'updown', 'Votes', false, true, false, true, true),
    (3, 'yesno', 'Yes or no', false, true, false, true, true),
    (4, 'reaction', 'Reactions', false, true, false, true, false),
    (5, 'rating', 'Rating', false, true, true, true, false),
    (6, 'nps', '0 to 10', false, true, true, true, false),
    (7, 'message', 'Messages', true, false, false, false, false),
    (8, 'tagged', 'Tagged messages', true, true, false, true, false),
    (9, 'form', 'Form', true, false, false, false, false);

comment on view fn.widget_type is
'The types of a widget, in the order of lists. has_text: a visitor writes words. is_judging: the weights of its options say
how good a page is, and count towards sentiment and shares; a like alone, a message and a form say nothing of that.
is_numeric: the values of its options are numbers, and have an average. has_options: a visitor chooses among several, or
gives the one that there is. is_vote: one option for and one against. app/text/widget_types.py is the same in Python.';

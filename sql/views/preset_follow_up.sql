create view fn.preset_follow_up (name, type, options, question, is_multiple, takes_message, takes_contact, thanks, reasons) as
values
    (
        'docs', 'yesno', '{y}'::text[], 'What helped most?', false, true, false, 'Thank you. Good to know.',
        '{
            "solved": "It solved my problem",
            "clear": "Easy to understand",
            "examples": "Good examples",
            "found": "Easy to find",
            "other": "Something else"
        }'::json
    ),
    (
        'docs', 'yesno', '{n}', 'What went wrong?', false, true, false, 'Thank you. This tells us what to fix.',
        '{
            "incorrect": "The information is wrong",
            "missing": "A step or detail is missing",
            "unclear": "Hard to understand",
            "outdated": "Out of date",
            "code": "The code doesn''t work",
            "not-found": "Not what I was looking for",
            "other": "Something else"
        }'
    ),
    (
        'product', 'reaction', '{great}', 'What do you like about it?', true, true, false, null,
        '{
            "easy": "Easy to use",
            "fast": "Fast",
            "time": "Saves me time",
            "complete": "Does everything I need",
            "design": "Looks good",
            "other": "Something else"
        }'
    ),
    (
        'product', 'reaction', '{okay,poor}', 'What should we improve?', true, true, true, 'Thank you. We read every answer.',
        '{
            "missing": "It lacks something I need",
            "hard": "Hard to use",
            "slow": "Too slow",
            "errors": "Errors or crashes",
            "price": "Too expensive",
            "other": "Something else"
        }'
    ),
    (
        'article', 'yesno', '{y}', 'What did you like?', true, true, false, null,
        '{
            "learned": "I learned something new",
            "useful": "I can use it",
            "thorough": "Thorough",
            "well-written": "Well written",
            "other": "Something else"
        }'
    ),
    (
        'article', 'yesno', '{n}', 'What was the problem?', true, true, false, 'Thank you. We will do better.',
        '{
            "known": "Nothing new to me",
            "shallow": "Not enough detail",
            "long": "Too long",
            "hard-to-read": "Hard to read",
            "inaccurate": "Something is wrong",
            "title": "Not what the title promised",
            "other": "Something else"
        }'
    ),
    (
        'support', 'yesno', '{y}', 'What helped most?', false, true, false, 'Thank you. Glad that it works now.',
        '{
            "steps": "Clear steps",
            "fast": "Quick to find",
            "complete": "It covered everything",
            "other": "Something else"
        }'
    ),
    (
        'support', 'yesno', '{n}', 'What happened?', false, true, true, 'Thank you. If you left your address, we will reply.',
        '{
            "failed": "I tried it and it didn''t work",
            "unclear": "I don''t understand the steps",
            "incomplete": "It solved only a part",
            "different": "My problem is a different one",
            "impossible": "I can''t do what it asks",
            "other": "Something else"
        }'
    ),
    (
        'csat', 'rating', '{1,2}', 'What went wrong?', true, true, true, 'Thank you. We read every answer.',
        '{
            "quality": "Poor quality",
            "errors": "Something didn''t work",
            "hard": "Hard to use",
            "slow": "It took too long",
            "support": "The help that I got",
            "price": "The price",
            "other": "Something else"
        }'
    ),
    (
        'csat', 'rating', '{3}', 'What would have made it better?', true, true, false, null,
        '{
            "quality": "Better quality",
            "easier": "Easier to use",
            "faster": "Faster",
            "support": "Better help",
            "price": "A lower price",
            "other": "Something else"
        }'
    ),
    (
        'csat', 'rating', '{4,5}', 'What did we do well?', true, true, false, null,
        '{
            "quality": "Quality",
            "easy": "Easy to use",
            "fast": "Fast",
            "support": "Good help",
            "price": "Good value",
            "other": "Something else"
        }'
    ),
    (
        'ces', 'rating', '{1,2,3}', 'What made it difficult?', true, true, true, 'Thank you. We will make this easier.',
        '{
            "not-found": "I couldn''t find where to start",
            "steps": "Too many steps",
            "unclear": "Unclear instructions",
            "errors": "Something didn''t work",
            "slow": "Too slow",
            "help": "I needed help",
            "other": "Something else"
        }'
    ),
    (
        'ces', 'rating', '{4}', 'What would have made it easier?', true, true, false, null,
        '{
            "steps": "Fewer steps",
            "clear": "Clearer instructions",
            "faster": "Shorter waiting times",
            "help": "Help at hand",
            "other": "Something else"
        }'
    ),
    (
        'ces', 'rating', '{5,6,7}', 'What made it easy?', true, true, false, null,
        '{
            "found": "I knew where to start",
            "steps": "Few steps",
            "clear": "Clear instructions",
            "fast": "It was fast",
            "help": "I got good help",
            "other": "Something else"
        }'
    );

comment on view fn.preset_follow_up is
'Follow-ups of presets (fn.preset), each of one or several of their options; reasons by value, in order, with their labels.';

-- Colors and wording of a widget, for its preview and snippet. A constant default rewrites no rows.
alter table widget
    add column appearance jsonb not null default '{}',
    add column texts jsonb not null default '{}';
comment on column widget.appearance is
'How it looks: accent, background and text are colors (#rrggbb), radius and size are in pixels. What is missing is the page''s.';
comment on column widget.texts is
'Its words by language: "" is of all pages, others are of pages in that language (BCP 47). Each by name: label, sent …';

-- What a visitor reads once they have answered a follow-up.
alter table follow_up add column thanks text check (char_length(thanks) between 1 and 200);
comment on column follow_up.thanks is 'What the visitor reads after answering. Null for the widget''s thank-you message.';

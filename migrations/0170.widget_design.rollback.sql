alter table widget
    drop column appearance,
    drop column texts;

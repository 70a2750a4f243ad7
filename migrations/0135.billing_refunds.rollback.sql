alter table invoice drop column refunded;

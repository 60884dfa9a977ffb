-- Letters of every Latin alphabet are found by their plain ones from here on: the words of what is kept are read again, once.
INSERT INTO once (what) VALUES ('folded');

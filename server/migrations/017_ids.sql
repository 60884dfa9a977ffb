-- An id that stands for anything that ever arrived, of whichever kind, is nobody else's for anything.
CREATE INDEX acknowledgements_by_id ON acknowledgements (id);

package ingest

import "assay/engines/ingest/segment"

// each writes the header with the offsets, then every record with a call of
// its own: what a handler does that passes records on as they come.
type each struct{ head []byte }

func (w *each) Write(f *segment.File, batches []*segment.Batch, nanos int64) (err error) {
	if w.head, err = segment.AppendHead(w.head[:0], batches, nanos); err != nil {
		return err
	}
	if _, err := f.Write(w.head); err != nil {
		return err
	}
	for _, b := range batches {
		for record := range b.Records {
			if _, err := f.Write(record); err != nil {
				return err
			}
		}
	}
	return nil
}

// assembled copies everything into one buffer and writes it with one call, as
// published. The buffer serves again: there is one, of a segment's size.
type assembled struct{ room []byte }

func (w *assembled) Write(f *segment.File, batches []*segment.Batch, nanos int64) (err error) {
	if w.room, err = segment.AppendHead(w.room[:0], batches, nanos); err != nil {
		return err
	}
	for _, b := range batches {
		for _, c := range b.Chunks {
			w.room = append(w.room, c...)
		}
	}
	_, err = f.Write(w.room)
	return err
}

// ready hands the kernel the header and the chunks from where they lie. What
// was received end to end is one chunk per request, so that the list is short.
type ready struct {
	head  []byte
	parts [][]byte
}

func (w *ready) Write(f *segment.File, batches []*segment.Batch, nanos int64) (err error) {
	if w.head, err = segment.AppendHead(w.head[:0], batches, nanos); err != nil {
		return err
	}
	w.parts = append(w.parts[:0], w.head)
	for _, b := range batches {
		w.parts = append(w.parts, b.Chunks...)
	}
	err = f.Gather(w.parts)
	clear(w.parts)
	return err
}

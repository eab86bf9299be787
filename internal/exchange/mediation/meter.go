package mediation

import "io"

// meter lets a tokenizer read as far as a limit, so that no token can make it
// hold more. It remembers why the source ended, if not with its end.
type meter struct {
	source io.Reader
	read   int64
	limit  int64
	text   int64 // longest token, bytes
	err    error // of the source
}

// allow moves the limit to where a token that begins at the offset must have ended.
func (m *meter) allow(offset int64) { m.limit = offset + m.text }

func (m *meter) Read(p []byte) (int, error) {
	room := m.limit - m.read
	if room <= 0 {
		return 0, tooLong(m.text)
	}
	if int64(len(p)) > room {
		p = p[:room]
	}
	n, err := m.source.Read(p)
	m.read += int64(n)
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

// Limits of what Parse reads.
const (
	maxParts = 20
	maxDepth = 4
)

// Message is one message that arrived.
type Message struct {
	ID        string // of the mailbox: a number
	At        time.Time
	From      string   // of the envelope
	To        []string // of the envelope
	Header    mail.Header
	Subject   string
	MessageID string
	Text      string
	HTML      string
	Fault     string // why it could not be read; empty where it could
	Size      int
}

// Parse reads a message (RFC 5322, MIME RFC 2045–2047). Text and HTML are the
// first parts of their kind; attachments are left out.
func Parse(raw []byte) (Message, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Message{}, fmt.Errorf("read header: %w", err)
	}
	m := Message{Header: parsed.Header, MessageID: parsed.Header.Get("Message-Id"), Size: len(raw)}
	if m.Subject, err = (&mime.WordDecoder{}).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		m.Subject = parsed.Header.Get("Subject")
	}
	parts := maxParts
	err = m.read(parsed.Header.Get("Content-Type"), parsed.Header.Get("Content-Transfer-Encoding"), parsed.Body, maxDepth, &parts)
	return m, err
}

// read takes what a part holds into the message. parts counts down over the
// whole message.
func (m *Message) read(contentType, encoding string, body io.Reader, depth int, parts *int) error {
	*parts--
	if depth == 0 || *parts < 0 {
		return errors.New("too many parts")
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain" // RFC 2045 section 5.2: the default
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.readParts(multipart.NewReader(body, params["boundary"]), depth, parts)
	}
	if kind == "text/plain" && m.Text == "" || kind == "text/html" && m.HTML == "" {
		return m.take(kind, decoded(encoding, body))
	}
	return nil
}

func (m *Message) readParts(reader *multipart.Reader, depth int, parts *int) error {
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read parts: %w", err)
		}
		if part.FileName() != "" {
			continue
		}
		if err := m.read(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth-1, parts); err != nil {
			return err
		}
	}
}

func (m *Message) take(kind string, body io.Reader) error {
	text, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("decode %s: %w", kind, err)
	}
	clean := strings.ReplaceAll(strings.ToValidUTF8(string(text), "\uFFFD"), "\r\n", "\n")
	if kind == "text/html" {
		m.HTML = clean
	} else {
		m.Text = clean
	}
	return nil
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

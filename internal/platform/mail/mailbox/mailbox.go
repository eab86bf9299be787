package mailbox

import (
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"simpul/internal/platform/clock"
)

// Limits of what is kept.
const (
	maxMessages   = 500
	maxMessage    = 1 << 20 // bytes
	maxTotal      = 32 << 20
	maxRecipients = 20
	maxLine       = 4 << 10
	silence       = time.Minute
)

// Mailbox receives mail on one address and keeps the newest.
type Mailbox struct {
	now      clock.Clock
	server   *smtp.Server
	listener net.Listener
	close    func() error

	mu       sync.Mutex
	messages []Message
	total    int // bytes
	last     int
	arrived  chan struct{} // closed at the next arrival
}

// Open listens on the address, such as "127.0.0.1:0".
func Open(address string, now clock.Clock) (*Mailbox, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	m := &Mailbox{now: now, listener: listener, arrived: make(chan struct{})}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: m}, nil }))
	m.server.Domain = "localhost"
	m.server.MaxMessageBytes, m.server.MaxRecipients, m.server.MaxLineLength = maxMessage, maxRecipients, maxLine
	m.server.ReadTimeout, m.server.WriteTimeout = silence, silence
	m.server.ErrorLog = log.New(io.Discard, "", 0)
	ended := make(chan error, 1)
	go func() { ended <- m.server.Serve(listener) }()
	m.close = sync.OnceValue(func() error {
		err := m.server.Close()
		listener.Close() // which Serve, when it has hardly begun, has not told the server of
		if served := <-ended; !errors.Is(served, smtp.ErrServerClosed) && !errors.Is(served, net.ErrClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
	return m, nil
}

// Address is where mail is received, host and port.
func (m *Mailbox) Address() (host string, port int) {
	addr := m.listener.Addr().(*net.TCPAddr)
	return addr.IP.String(), addr.Port
}

// Messages returns what is kept, newest first.
func (m *Mailbox) Messages() []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.messages)
	slices.Reverse(all)
	return all
}

// Message returns the one with the ID.
func (m *Mailbox) Message(id string) (Message, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.messages, func(one Message) bool { return one.ID == id })
	if i < 0 {
		return Message{}, false
	}
	return m.messages[i], true
}

// Arrived is closed when the next message arrives.
func (m *Mailbox) Arrived() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.arrived
}

// Close stops receiving; closing again does nothing. What is kept can still be
// looked at.
func (m *Mailbox) Close() error { return m.close() }

// keep adds a message, and drops the oldest beyond the limits.
func (m *Mailbox) keep(from string, to []string, raw []byte) {
	one, err := Parse(raw)
	if err != nil {
		one.Fault = err.Error()
	}
	one.From, one.To, one.Size, one.At = from, to, len(raw), m.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	one.ID = strconv.Itoa(m.last)
	m.messages = append(m.messages, one)
	m.total += one.Size
	for len(m.messages) > maxMessages || m.total > maxTotal {
		m.total -= m.messages[0].Size
		m.messages = slices.Delete(m.messages, 0, 1)
	}
	close(m.arrived)
	m.arrived = make(chan struct{})
}

// session is one conversation.
type session struct {
	box  *Mailbox
	from string
	to   []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.to = from, nil
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.keep(s.from, slices.Clone(s.to), raw)
	return nil
}

func (s *session) Reset() { s.from, s.to = "", nil }

func (s *session) Logout() error { return nil }

package gateway

import (
	"crypto/sha1" // of RFC 6455; it proves nothing
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/http"
	"slices"
	"strings"

	"simpul"
)

// asksSwitch reports a request that would leave HTTP. A wish for other protocols
// than WebSocket is none, as RFC 9110 section 7.8 lets a server choose: the header
// stays behind with what belongs to the connection, and the call is answered as if
// it had not been there. Clients ask for h2c on every call, whoever answers. HTTP/2
// has no such wish, and a request that has one is malformed (RFC 9113 section 8.2.2).
func asksSwitch(r *http.Request) bool {
	wishes, asks := r.Header["Upgrade"]
	switch {
	case r.Method == http.MethodConnect:
		return true
	case !asks || !r.ProtoAtLeast(1, 1):
		return false
	}
	return r.ProtoMajor >= 2 || slices.ContainsFunc(wishes, mentionsWebSocket)
}

// mentionsWebSocket errs towards yes: what comes near to it is not ignored.
func mentionsWebSocket(wish string) bool { return strings.Contains(strings.ToLower(wish), "websocket") }

// asksWebSocket reports a request that would switch to WebSocket and is exactly
// what RFC 6455 section 4.1 asks of one. Whatever comes near to it is refused:
// two programs could take it for different things.
func asksWebSocket(r *http.Request) bool {
	h := r.Header
	key, err := base64.StdEncoding.DecodeString(h.Get("Sec-Websocket-Key"))
	return r.ProtoMajor == 1 && r.ProtoMinor == 1 && r.Method == http.MethodGet && r.ContentLength == 0 && len(r.TransferEncoding) == 0 &&
		sole(h, "Upgrade") && strings.EqualFold(h.Get("Upgrade"), "websocket") && namesUpgrade(h["Connection"]) &&
		sole(h, "Sec-Websocket-Version") && h.Get("Sec-Websocket-Version") == "13" &&
		sole(h, "Sec-Websocket-Key") && err == nil && len(key) == 16
}

func sole(h http.Header, name string) bool { return len(h[name]) == 1 }

func namesUpgrade(fields []string) bool {
	for _, list := range fields {
		for name := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.Trim(name, " \t"), "upgrade") {
				return true
			}
		}
	}
	return false
}

// acceptsWebSocket reports whether an answer switches to WebSocket for the very
// request with that key.
func acceptsWebSocket(h http.Header, key string) bool {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return sole(h, "Upgrade") && strings.EqualFold(h.Get("Upgrade"), "websocket") && namesUpgrade(h["Connection"]) &&
		sole(h, "Sec-Websocket-Accept") && h.Get("Sec-Websocket-Accept") == base64.StdEncoding.EncodeToString(sum[:])
}

// Codes with which a WebSocket is closed (RFC 6455 section 7.4.1).
const (
	closeGoingAway = 1001
	closeProtocol  = 1002
	closePolicy    = 1008
)

// upgrades reports whether calls of a route may switch to WebSocket.
func upgrades(route *simpul.Route) bool { return route.Delivery != nil && route.Delivery.Upgrade }

// maySwitch refuses a switch of protocols where the route has none, and where the
// grant delivers a part of the fields only: nobody could select them.
func (c *call) maySwitch(route *simpul.Route, o simpul.Obligations) error {
	switch {
	case c.socket == nil:
		return nil
	case !upgrades(route):
		return noUpgrade()
	case o.Fields != nil:
		return &simpul.Error{
			Code: simpul.CodeDenied, Owner: route.Owner,
			Message: simpul.Text{ID: "Izin ini memberikan sebagian kolom saja, dan kolom tidak dapat dipilih di dalam WebSocket.", EN: "This grant delivers some of the fields only, and fields cannot be selected within a WebSocket."},
			Remedy:  simpul.Text{ID: "Panggil tanpa WebSocket, atau minta izin untuk seluruh kolom.", EN: "Call without WebSocket, or ask for a grant for all fields."},
		}
	}
	return nil
}

// frames follows one direction of a WebSocket from frame to frame (RFC 6455
// section 5.2). It looks at no payload.
type frames struct {
	masked bool // as the direction asks: a client masks, a server does not
	head   [14]byte
	have   int    // bytes of the head
	left   uint64 // bytes of the payload
	closed bool   // a close frame has begun
}

var errNotWebSocket = errors.New("what came is not WebSocket")

// feed follows bytes that are about to pass.
func (f *frames) feed(b []byte) error {
	for len(b) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(b)))
			f.left -= n
			b = b[n:]
			continue
		}
		f.head[f.have] = b[0]
		f.have++
		b = b[1:]
		if f.have >= 2 && f.have == f.headLength() {
			if err := f.begin(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *frames) headLength() int {
	n := 2
	switch f.head[1] & 0x7f {
	case 126:
		n += 2
	case 127:
		n += 8
	}
	if f.head[1]&0x80 != 0 {
		n += 4
	}
	return n
}

// begin reads a head that is whole.
func (f *frames) begin() error {
	opcode, length := f.head[0]&0x0f, uint64(f.head[1]&0x7f)
	control := opcode >= 8
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(f.head[2:]))
	case 127:
		length = binary.BigEndian.Uint64(f.head[2:])
	}
	if f.closed || f.head[1]&0x80 != 0 != f.masked || length>>63 != 0 || opcode > 2 && opcode < 8 || opcode > 10 ||
		control && (length > 125 || f.head[0]&0x80 == 0) {
		return errNotWebSocket
	}
	f.have, f.left, f.closed = 0, length, opcode == 8
	return nil
}

// between reports whether a frame of the hub's own may stand here.
func (f *frames) between() bool { return f.have == 0 && f.left == 0 && !f.closed }

// closeFrame is a close frame for the direction. The mask hides nothing from
// anybody and may be any.
func (f *frames) closeFrame(code uint16) []byte {
	payload := binary.BigEndian.AppendUint16(nil, code)
	if !f.masked {
		return append([]byte{0x88, 2}, payload...)
	}
	mask := [4]byte{0x5a, 0x17, 0xc3, 0x2e}
	for i := range payload {
		payload[i] ^= mask[i]
	}
	return append(append([]byte{0x88, 0x82}, mask[:]...), payload...)
}

package wire

import (
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// framing says where the body of an answer ends.
type framing struct {
	length   int64 // bytes; or chunked, or untilClose
	declared int64 // bytes that the answer says, also to HEAD; -1 where it does not
	lasts    bool  // the connection can be used again after it
}

// Lengths of bodies that have none.
const (
	chunked    = -1 // the body says itself where it ends
	untilClose = -2 // the body ends with the connection
)

// frame finds out where the body ends of an answer to a method (RFC 9112,
// section 6.3), and takes Transfer-Encoding out of its header: the codings of
// one connection are not those of the next.
func frame(method string, h head) (framing, error) {
	codings, lengths := h.header["Transfer-Encoding"], h.header["Content-Length"]
	f := framing{length: untilClose, declared: -1}
	if len(codings) > 0 {
		if len(lengths) > 0 {
			return f, fault("it has both Transfer-Encoding and Content-Length")
		}
		if len(codings) != 1 || !strings.EqualFold(codings[0], "chunked") || h.minor == 0 {
			return f, fault("its transfer coding is not chunked")
		}
		delete(h.header, "Transfer-Encoding")
		f.length = chunked
	}
	if len(lengths) > 0 {
		n, err := ParseLength(lengths)
		if err != nil {
			return f, err
		}
		f.length, f.declared = n, n
	}
	f.lasts = h.minor == 1 && !HasToken(h.header["Connection"], "close")
	if method == http.MethodHead || h.status < 200 || h.status == http.StatusNoContent || h.status == http.StatusNotModified {
		f.lasts = f.lasts && (method == http.MethodHead || h.status == http.StatusNotModified || f.length == untilClose || f.length == 0)
		f.length = 0
		if method != http.MethodHead {
			f.declared = 0
		}
	}
	if f.length == untilClose {
		f.lasts = false
	}
	return f, nil
}

// ParseLength reads the one Content-Length of a message: digits and nothing else.
func ParseLength(lengths []string) (int64, error) {
	if len(lengths) != 1 || lengths[0] == "" || strings.Trim(lengths[0], "0123456789") != "" {
		return 0, fault("its Content-Length is not one number")
	}
	n, err := strconv.ParseInt(lengths[0], 10, 64)
	if err != nil {
		return 0, fault("its Content-Length is too large")
	}
	return n, nil
}

// HasToken reports whether a list of tokens in fields has one, in any case.
func HasToken(fields []string, want string) bool {
	for _, field := range fields {
		for part := range Tokens(field) {
			if strings.EqualFold(part, want) {
				return true
			}
		}
	}
	return false
}

// Tokens goes over the tokens of a list.
func Tokens(field string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(field, ",") {
			if !yield(strings.Trim(part, " \t")) {
				return
			}
		}
	}
}

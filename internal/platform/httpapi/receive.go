package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"simpul"
)

const (
	usualBody   = 1 << 20          // largest body where the operation sets none, bytes
	bodyTimeout = 10 * time.Second // for all of it, and longer for a larger one:
	slowest     = 1 << 20          // bytes a second that are waited for beyond it
)

// patience is how long a body of at most so many bytes may take.
func patience(limit int64) time.Duration {
	return bodyTimeout + time.Duration(limit/slowest)*time.Second
}

// request is huma.Context under a name that its own method Context leaves free.
type request = huma.Context

// received is a request whose body is here.
type received struct {
	request
	body io.Reader
}

func (r received) BodyReader() io.Reader { return r.body }

// receive reads the body of a request that may have one, of a caller who may
// call: a file onto the disk, anything else into memory. A body that breaks off
// or is malformed is the caller's fault; huma would call it the hub's. What it
// holds is let go of by release.
func receive(ctx huma.Context, op Operation) (whole huma.Context, release func(), err error) {
	if op.Method != http.MethodPut && op.Method != http.MethodPost && op.Method != http.MethodPatch {
		return ctx, func() {}, nil
	}
	limit := op.MaxBody
	if limit == 0 {
		limit = usualBody
	}
	ctx.SetReadDeadline(time.Now().Add(patience(limit)))
	if op.Upload {
		return spool(ctx, op, limit)
	}
	body, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), limit+1))
	switch {
	case err != nil:
		return nil, nil, brokenBody(err)
	case int64(len(body)) > limit:
		return nil, nil, tooLarge(limit, op.Split)
	}
	return received{ctx, bytes.NewReader(body)}, func() {}, nil
}

func brokenBody(err error) error {
	e := simpul.Invalid("body",
		simpul.Text{ID: "Isi permintaan terputus atau tidak sah.", EN: "The request body broke off or is malformed."},
		simpul.Text{ID: "Periksa panjang isi dan penyandiannya, lalu kirim lagi.", EN: "Check the length of the body and its coding, then send it again."})
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		e.Message = simpul.Text{ID: "Isi permintaan tidak selesai diterima.", EN: "The request body did not arrive in time."}
		e.Remedy = simpul.Text{ID: "Periksa sambungan, lalu kirim lagi.", EN: "Check the connection, then send it again."}
	}
	e.Err = err
	return e
}

// tooLarge names the limit, and how to keep to it.
func tooLarge(limit int64, split simpul.Text) error {
	size := inWords(limit)
	e := &simpul.Error{
		Code:    simpul.CodeTooLarge,
		Message: simpul.Text{ID: "Isi permintaan lebih besar dari " + size + ".", EN: "The request body is larger than " + size + "."},
		Remedy:  split,
	}
	if e.Remedy == (simpul.Text{}) {
		e.Remedy = simpul.Text{ID: "Kirim isi yang lebih kecil.", EN: "Send a smaller body."}
	}
	return e
}

// inWords writes a number of bytes, which limits have in whole units.
func inWords(bytes int64) string {
	if bytes >= 1<<20 {
		return strconv.FormatInt(bytes>>20, 10) + " MiB"
	}
	return strconv.FormatInt(bytes>>10, 10) + " KiB"
}

package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"simpul"
)

const (
	usualBody   = 1 << 20          // largest body where the operation sets none, bytes
	bodyTimeout = 10 * time.Second // for all of it
)

// request is huma.Context under a name that its own method Context leaves free.
type request = huma.Context

// received is a request whose body is here.
type received struct {
	request
	body *bytes.Reader
}

func (r received) BodyReader() io.Reader { return r.body }

// receive reads the body of a request that may have one, of a caller who may
// call. A body that breaks off or is malformed is the caller's fault; huma would
// call it the hub's.
func receive(ctx huma.Context, op Operation) (huma.Context, error) {
	if op.Method != http.MethodPut && op.Method != http.MethodPost && op.Method != http.MethodPatch {
		return ctx, nil
	}
	limit := op.MaxBody
	if limit == 0 {
		limit = usualBody
	}
	ctx.SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), limit+1))
	switch {
	case err != nil:
		return nil, brokenBody(err)
	case int64(len(body)) > limit:
		return nil, bodyTooLarge()
	}
	return received{ctx, bytes.NewReader(body)}, nil
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

func bodyTooLarge() error {
	return &simpul.Error{
		Code:    simpul.CodeTooLarge,
		Message: simpul.Text{ID: "Isi permintaan terlalu besar.", EN: "The request body is too large."},
		Remedy:  simpul.Text{ID: "Kirim isi yang lebih kecil.", EN: "Send a smaller body."},
	}
}

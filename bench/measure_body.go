//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// bulkBytes is the length of the large body: 1 GiB.
const bulkBytes = 1 << 30

// bulkLimit bounds one transfer.
const bulkLimit = 2 * time.Minute

// measureBody measures how far the gateway's memory rises while a body of 1 GiB
// passes, once as an answer and once as a request: peak of the process tree over
// both, less what a fresh gateway holds after a small body of each kind.
func measureBody(ctx context.Context, l *lab) error {
	const name = "body_1gb_rss_rise"
	g, err := l.addGateway(ctx)
	if err != nil {
		l.report.lose(name, err)
		return nil
	}
	if err := g.bulk().await(ctx); err != nil {
		l.report.lose(name, err)
		return nil
	}
	if err := g.passBoth(ctx, 1<<20); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	if _, err := settle(ctx, g.process.pid); err != nil {
		return err
	}
	if err := resetPeak(g.process.pid); err != nil {
		return err
	}
	before, err := readMemory(g.process.pid)
	if err != nil {
		return err
	}
	l.report.progress("1 GiB through the gateway, both ways")
	if err := g.passBoth(ctx, bulkBytes); err != nil {
		return err
	}
	after, err := readMemory(g.process.pid)
	if err != nil {
		return err
	}
	l.report.add(figure{Name: name, Unit: "MB", Value: float64(after.peak-before.now) / 1e6})
	return nil
}

// passBoth sends n bytes through the gateway, down and up, and checks every one.
func (g *gateway) passBoth(ctx context.Context, n int64) error {
	if err := g.download(ctx, n); err != nil {
		return fmt.Errorf("download of %d bytes: %w", n, err)
	}
	if err := g.upload(ctx, n); err != nil {
		return fmt.Errorf("upload of %d bytes: %w", n, err)
	}
	return nil
}

func (g *gateway) download(ctx context.Context, n int64) error {
	return g.transfer(ctx, http.MethodGet, "/bench/Bulk/"+strconv.FormatInt(n, 10), nil, func(body io.Reader) error {
		got, err := io.Copy(newPattern(), body)
		if err == nil && got != n {
			return fmt.Errorf("%d bytes came", got)
		}
		return err
	})
}

func (g *gateway) upload(ctx context.Context, n int64) error {
	body := io.LimitReader(newPattern(), n)
	return g.transfer(ctx, http.MethodPost, "/bench/Bulk", body, func(answer io.Reader) error {
		var receipt bulkReceipt
		if err := json.NewDecoder(answer).Decode(&receipt); err != nil {
			return err
		}
		if !receipt.Intact || receipt.Bytes != n {
			return fmt.Errorf("the origin received %+v", receipt)
		}
		return nil
	})
}

// transfer makes one call to the gateway and lets check read its 200.
func (g *gateway) transfer(ctx context.Context, method, path string, body io.Reader, check func(io.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, bulkLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+g.host+path, body)
	if err != nil {
		return err
	}
	req.Header = g.header()
	if body != nil {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return fmt.Errorf("status %d: %s", res.StatusCode, text)
	}
	return check(res.Body)
}

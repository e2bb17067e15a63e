package door

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
)

// Client posts requests that were written out beforehand, one at a time over
// one connection. It shares the process with the server, so whatever it costs
// is in the server's figures: it makes one write, reads one short answer, and
// allocates nothing. The client of package net/http was rejected for that: its
// 60 allocations and two goroutines per request would be most of what the
// better variants show.
type Client struct {
	conn net.Conn
	in   *bufio.Reader
	room []byte
}

// Dial connects to a server.
func Dial(addr string) (*Client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return &Client{conn: conn, in: bufio.NewReader(conn)}, nil
}

// Close hangs up.
func (c *Client) Close() error { return c.conn.Close() }

// AppendRequest writes out a POST, from the request line to the end of the body.
func AppendRequest(to []byte, contentType string, body []byte) []byte {
	to = fmt.Appendf(to, "POST /records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", contentType, len(body))
	return append(to, body...)
}

// Post sends a request and returns the answer, which stays valid until the
// next. A server that refuses may not read to the end: then writing fails, and
// there is an answer all the same.
func (c *Client) Post(request []byte) (status int, answer []byte, err error) {
	_, unsent := c.conn.Write(request)
	if status, answer, err = c.answer(); err != nil && unsent != nil {
		err = unsent
	}
	if err != nil {
		return 0, nil, fmt.Errorf("client: %w", err)
	}
	return status, answer, nil
}

// answer reads a status line, headers of which only the length matters, and a
// body of that length.
func (c *Client) answer() (status int, body []byte, err error) {
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	version, rest, _ := bytes.Cut(line, []byte(" "))
	status, ok := decimal(rest[:min(3, len(rest))])
	if string(version) != "HTTP/1.1" || !ok || status < http.StatusOK {
		return 0, nil, fmt.Errorf("the server answers %.40q", line)
	}
	length := -1
	for {
		if line, err = c.line(); err != nil {
			return 0, nil, err
		}
		if len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(": ")); string(name) == "Content-Length" {
			if length, ok = decimal(value); !ok {
				return 0, nil, fmt.Errorf("the server answers a length of %.40q", value)
			}
		}
	}
	if length < 0 || length > MaxBytes {
		return 0, nil, fmt.Errorf("the server answers with no length this client could read")
	}
	if cap(c.room) < length {
		c.room = make([]byte, length)
	}
	_, err = io.ReadFull(c.in, c.room[:length])
	return status, c.room[:length], err
}

// line reads up to the end of a line, without it.
func (c *Client) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// decimal reads a small number. strconv would make a string of it first.
func decimal(text []byte) (n int, ok bool) {
	const most = 8 // digits, as many as MaxBytes has
	if len(text) == 0 || len(text) > most {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

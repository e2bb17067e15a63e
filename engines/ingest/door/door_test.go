package door

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"assay/engines/ingest/broker"
	"assay/engines/ingest/segment"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lines is a codec of one record per line; "panic" and "bad" are what they say.
type lines struct {
	mu   sync.Mutex
	lent int // batches decoded and not yet released
}

func (l *lines) Decode(kind string, body io.Reader, length int64) (*segment.Batch, error) {
	if kind != "text/plain" {
		return nil, Refuse(http.StatusUnsupportedMediaType, "type %q", kind)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if int64(len(text)) != length {
		return nil, fmt.Errorf("%d bytes of %d", len(text), length)
	}
	b := &segment.Batch{}
	for line := range strings.Lines(string(text)) {
		b.Sizes, b.Chunks = append(b.Sizes, uint32(len(line))), append(b.Chunks, []byte(line))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent++
	return b, nil
}

func (l *lines) Release(*segment.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent--
}

// serve starts a server whose sink remembers what it took.
func serve(t *testing.T, fail error) (s *Server, codec *lines, taken func() string) {
	t.Helper()
	codec = &lines{}
	var mu sync.Mutex
	var all strings.Builder
	s, err := Serve(Handler(codec, func(_ context.Context, b *segment.Batch) (broker.Place, error) {
		mu.Lock()
		defer mu.Unlock()
		for r := range b.Records {
			all.Write(r)
		}
		return broker.Place{Segment: 7, First: 42}, fail
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if codec.lent != 0 {
			t.Errorf("%d batches were not released", codec.lent)
		}
	})
	return s, codec, func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

func dial(t *testing.T, s *Server) *Client {
	t.Helper()
	c, err := Dial(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestTheServerListensOnLoopbackAlone(t *testing.T) {
	t.Parallel()
	s, _, _ := serve(t, nil)
	host, _, err := net.SplitHostPort(s.Addr())
	if err != nil || host != "127.0.0.1" {
		t.Errorf("it listens on %s (%v)", s.Addr(), err)
	}
}

func TestRequestsOfOneClientAreAnsweredInTurn(t *testing.T) {
	t.Parallel()
	s, _, taken := serve(t, nil)
	c := dial(t, s)
	for _, body := range []string{"a\nb\n", strings.Repeat("long\n", 100_000), "c\n"} {
		status, answer, err := c.Post(AppendRequest(nil, "text/plain", []byte(body)))
		if err != nil || status != http.StatusCreated || string(answer) != "7 42\n" {
			t.Fatalf("%d %q %v", status, answer, err)
		}
	}
	if got, want := taken(), "a\nb\n"+strings.Repeat("long\n", 100_000)+"c\n"; got != want {
		t.Errorf("%d bytes arrived, want %d", len(got), len(want))
	}
}

func TestTheClientAllocatesNothing(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts the whole process
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := Dial(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	request, answer := AppendRequest(nil, "x", make([]byte, 1000)), []byte("HTTP/1.1 201 Created\r\nDate: today\r\nContent-Length: 4\r\n\r\n1 2\n")
	ended := make(chan struct{})
	go func() { // a server that allocates nothing either
		defer close(ended)
		room := make([]byte, len(request))
		for {
			if _, err := io.ReadFull(conn, room); err != nil {
				return
			}
			conn.Write(answer) //nolint:errcheck // the client would notice
		}
	}()
	if n := testing.AllocsPerRun(200, func() {
		if status, got, err := c.Post(request); err != nil || status != 201 || string(got) != "1 2\n" {
			t.Fatal(status, got, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per request", n)
	}
	conn.Close()
	<-ended
}

// TestWhatCannotBeRightIsRefusedWithAReason and nobody sees a record of it.
func TestWhatCannotBeRightIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request string
		status  int
		reason  string
	}{
		"another method":   {"GET /records HTTP/1.1\r\nHost: x\r\n\r\n", 405, "this is a GET"},
		"no length":        {"POST /records HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n0\r\n\r\n", 411, "send Content-Length"},
		"too long":         {fmt.Sprintf("POST /records HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", MaxBytes+1), 413, "at most 16777216 are read"},
		"of another type":  {string(AppendRequest(nil, "image/png", []byte("a\n"))), 415, `type "image/png"`},
		"no HTTP":          {"hello\r\n\r\n", 400, "400 Bad Request"},
		"a length and not": {"POST /records HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n", 400, "400 Bad Request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, taken := serve(t, nil)
			conn, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			reason, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != c.status || !strings.Contains(string(reason), c.reason) {
				t.Errorf("%d %q (%v), want %d with %q", answer.StatusCode, reason, err, c.status, c.reason)
			}
			if taken() != "" {
				t.Errorf("%q was taken all the same", taken())
			}
		})
	}
}

func TestABodyThatEndsEarlyIsRefusedAndNothingOfItIsTaken(t *testing.T) {
	t.Parallel()
	s, _, taken := serve(t, nil)
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	whole := AppendRequest(nil, "text/plain", []byte("a\nb\nc\n"))
	if _, err := conn.Write(whole[:len(whole)-3]); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil { // no more will come, but an answer may
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) || !bytes.Contains(answer, []byte("unexpected EOF")) {
		t.Errorf("%q, %v", answer, err)
	}
	if taken() != "" {
		t.Errorf("%q was taken", taken())
	}
}

func TestOurOwnErrorsAreNotTheSenders(t *testing.T) {
	t.Parallel()
	for status, fail := range map[int]error{500: errors.New("disk full"), 503: broker.ErrClosed} {
		s, _, _ := serve(t, fail)
		c := dial(t, s)
		got, answer, err := c.Post(AppendRequest(nil, "text/plain", []byte("a\n")))
		if err != nil || got != status || !strings.Contains(string(answer), fail.Error()) {
			t.Errorf("%v: %d %q %v, want %d", fail, got, answer, err, status)
		}
	}
}

func TestACodecThatDecodesNothingReachesNoSink(t *testing.T) {
	t.Parallel()
	s, _, taken := serve(t, errors.New("the sink was asked"))
	status, answer, err := dial(t, s).Post(AppendRequest(nil, "text/plain", nil))
	if err != nil || status != http.StatusAccepted || len(answer) != 0 || taken() != "" {
		t.Errorf("%d %q %v", status, answer, err)
	}
}

// TestTheClientSaysWhatItCannotRead: a server of another kind is an error.
func TestTheClientSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		"", "\r\n", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 2x0\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\n" + strings.Repeat("x", 5000),
	} {
		ours, theirs := net.Pipe()
		go func() {
			theirs.Read(make([]byte, 100)) //nolint:errcheck // whatever came
			io.WriteString(theirs, answer) //nolint:errcheck // the other side may hang up
			theirs.Close()
		}()
		c := &Client{conn: ours, in: bufio.NewReader(ours)}
		if status, got, err := c.Post([]byte("POST")); err == nil {
			t.Errorf("%.40q is read as %d %q", answer, status, got)
		}
		c.Close()
	}
}

// FuzzAnswer: whatever a server says, the client gives what package http reads
// out of it, or an error.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\n1 2\n"))
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\nDate: x\r\nContent-Length: 0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := &Client{in: bufio.NewReader(bytes.NewReader(text))}
		status, body, err := c.answer()
		if err != nil {
			return
		}
		if status < 200 || status > 999 || len(body) > len(text) || !bytes.Contains(text, body) {
			t.Fatalf("%q is read as %d %q", text, status, body)
		}
	})
}

func TestARefusedMethodNamesTheOneThatIsTaken(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Handler(&lines{}, nil).ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/records", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("%d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

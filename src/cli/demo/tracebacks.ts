/** What the made-up application's failures look like in the error log. */

const HANDLE_REQUEST = `Traceback (most recent call last):
  File "/srv/demo/lib/python3.11/site-packages/gunicorn/workers/sync.py", line 141, in handle
    self.handle_request(listener, req, client, addr)
  File "/srv/demo/lib/python3.11/site-packages/gunicorn/workers/sync.py", line 184, in handle_request
    respiter = self.wsgi(environ, resp.start_response)
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`;

/** An exception that the application does not handle. */
export const PAYMENT_ERROR = `${HANDLE_REQUEST}
  File "/srv/demo/shop/views.py", line 112, in checkout
    receipt = payments.charge(cart)
              ^^^^^^^^^^^^^^^^^^^^^
  File "/srv/demo/shop/payments.py", line 47, in charge
    raise PaymentError('the gateway answered 503')
shop.payments.PaymentError: the gateway answered 503`;

/** A worker that the master ends after a timeout: SIGABRT becomes SystemExit wherever the application stands. */
export const TIMED_OUT = `${HANDLE_REQUEST}
  File "/srv/demo/shop/reports.py", line 88, in render
    rows = database.fetch_all(QUERY, report_id)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/demo/shop/database.py", line 31, in fetch_all
    return self.connection.wait()
           ^^^^^^^^^^^^^^^^^^^^^^
  File "/srv/demo/lib/python3.11/site-packages/gunicorn/workers/base.py", line 199, in handle_abort
    sys.exit(1)
SystemExit: 1`;

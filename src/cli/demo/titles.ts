/** Process titles: Gunicorn's own where setproctitle is installed (gunicorn/util.py `_setproctitle`). */
export const MASTER_TITLE = 'gunicorn: master [demo:app]';
export const WORKER_TITLE = 'gunicorn: worker [demo:app]';
export const TRAFFIC_TITLE = 'gtop demo: traffic';

import { demand, limitedByHeader, type Target } from '../target';

/** https://developers.mattermost.com/integrate/webhooks/incoming; attachments as a server of 2017 took them. */
export function mattermostTarget(): Target {
  const key = 'mattermostHunter2';
  return {
    path: `/hooks/${key}`,
    secrets: [key],
    limited: limitedByHeader,
    answer({ method, url, body }) {
      demand(method === 'POST', { status: 405 });
      const errorOf = (id: string) => ({ id, message: 'no', status_code: 400 });
      demand(url.pathname === `/hooks/${key}`, {
        status: 400,
        body: errorOf('web.incoming_webhook.invalid.app_error'),
      });
      const { text = '', attachments = [] } = JSON.parse(body) as { text?: string; attachments?: object[] };
      demand(text !== '' || attachments.length > 0, {
        status: 400,
        body: errorOf('web.incoming_webhook.text.app_error'),
      });
      const isShort = [...text].length <= 16_383 && JSON.stringify(attachments).length <= 7_900;
      demand(isShort, { status: 400, body: errorOf('model.post.is_valid.msg.app_error') });
      return { status: 200, body: 'ok' };
    },
  };
}
